package org.posthorn.shell;

import java.util.ArrayList;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.Function;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.posthorn.api.shell.ShellCommand;
import org.posthorn.api.shell.ShellCommands;

/** All commands that bundles offer; each is a function of the Felix shell too. */
@Component(service = Catalogue.class, immediate = true)
public final class Catalogue {

    private final BundleContext context;
    private final Map<ShellCommands, List<ServiceRegistration<?>>> bound = new IdentityHashMap<>();
    private final Map<String, ShellCommand> commands = new TreeMap<>();

    @Activate
    public Catalogue(BundleContext context) {
        this.context = context;
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    synchronized void add(ShellCommands more) {
        List<ServiceRegistration<?>> registrations = new ArrayList<>();
        for (ShellCommand command : more.commands()) {
            commands.put(more.scope() + ":" + command.name(), command);
            Dictionary<String, Object> properties = new Hashtable<>();
            properties.put(CommandProcessor.COMMAND_SCOPE, more.scope());
            properties.put(CommandProcessor.COMMAND_FUNCTION, command.name());
            String name = more.scope() + ":" + command.name();
            registrations.add(context.registerService(Function.class, new GogoFunction(name, command), properties));
        }
        bound.put(more, registrations);
    }

    synchronized void remove(ShellCommands gone) {
        for (ShellCommand command : gone.commands()) commands.remove(gone.scope() + ":" + command.name());
        bound.remove(gone).forEach(ServiceRegistration::unregister);
    }

    /** By {@code scope:name}. */
    synchronized Optional<ShellCommand> find(String name) {
        return Optional.ofNullable(commands.get(name));
    }

    /** All of them, by name. */
    synchronized Map<String, ShellCommand> all() {
        return new TreeMap<>(commands);
    }
}
