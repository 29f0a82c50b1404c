package org.posthorn.shell;

import java.util.ArrayList;
import java.util.Comparator;
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
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.posthorn.api.filter.MailFilter;
import org.posthorn.api.shell.ShellCommand;
import org.posthorn.api.shell.ShellCommands;

/** All commands that bundles offer; each is a function of the Felix shell too. */
@Component(service = Catalogue.class, immediate = true)
public final class Catalogue {

    /** @param id of the service: the older, the less */
    private record Offered(long id, Map<String, ShellCommand> commands, List<ServiceRegistration<?>> registrations) {}

    private final BundleContext context;
    private final Map<ShellCommands, Offered> bound = new IdentityHashMap<>();

    @Activate
    public Catalogue(BundleContext context) {
        this.context = context;
    }

    /** Those of a bundle that runs beside another would hide the ones that count. */
    @Reference(
            name = "commands",
            service = ShellCommands.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            unbind = "remove")
    void bind(ServiceReference<ShellCommands> offer, ShellCommands more) {
        if (!offer.getBundle().getLocation().startsWith(MailFilter.BESIDE))
            add(more, (Long) offer.getProperty(Constants.SERVICE_ID));
    }

    private synchronized void add(ShellCommands more, long id) {
        Map<String, ShellCommand> commands = new TreeMap<>();
        List<ServiceRegistration<?>> registrations = new ArrayList<>();
        for (ShellCommand command : more.commands()) {
            String name = more.scope() + ":" + command.name();
            commands.put(name, command);
            Dictionary<String, Object> properties = new Hashtable<>();
            properties.put(CommandProcessor.COMMAND_SCOPE, more.scope());
            properties.put(CommandProcessor.COMMAND_FUNCTION, command.name());
            registrations.add(context.registerService(Function.class, new GogoFunction(name, command), properties));
        }
        bound.put(more, new Offered(id, commands, registrations));
    }

    synchronized void remove(ShellCommands gone) {
        Offered offered = bound.remove(gone);
        if (offered != null) offered.registrations().forEach(ServiceRegistration::unregister);
    }

    /** By {@code scope:name}. */
    synchronized Optional<ShellCommand> find(String name) {
        return Optional.ofNullable(all().get(name));
    }

    /** The names of those behind which a password may stand. */
    List<String> withPasswords() {
        return all().entrySet().stream()
                .filter(e -> e.getValue().usage().contains("PASSWORD"))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** All of them, by name. */
    synchronized Map<String, ShellCommand> all() {
        Map<String, ShellCommand> all = new TreeMap<>();
        // While a bundle is swapped two offer the same, and the new one may be no good.
        bound.values().stream().sorted(Comparator.comparingLong(Offered::id)).forEach(o -> o.commands()
                .forEach(all::putIfAbsent));
        return all;
    }
}
