package org.posthorn.itests.container;

import java.util.List;
import java.util.Map;
import org.osgi.framework.BundleContext;
import org.posthorn.api.shell.CommandLine;
import org.posthorn.api.shell.ShellCommand;
import org.posthorn.api.shell.ShellCommands;

/** Commands as the shell runs them. */
final class Command {

    private Command() {}

    static Object run(BundleContext context, String scope, String name, String... words) throws Exception {
        for (var reference : context.getServiceReferences(ShellCommands.class, null)) {
            ShellCommands commands = context.getService(reference);
            if (!commands.scope().equals(scope)) continue;
            for (ShellCommand one : commands.commands())
                if (one.name().equals(name))
                    return one.action().run(new CommandLine(List.of(words), Map.of(), line -> {}));
        }
        throw new AssertionError("there is no command " + scope + ":" + name);
    }
}
