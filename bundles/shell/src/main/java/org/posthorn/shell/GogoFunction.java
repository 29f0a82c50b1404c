package org.posthorn.shell;

import java.util.List;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
import org.posthorn.api.shell.ShellCommand;

/** A command as the Felix shell calls it. Prints what it returns to System.out, which the shell leads into its pipes, thread by thread. */
final class GogoFunction implements Function {

    private final String name;
    private final ShellCommand command;

    GogoFunction(String name, ShellCommand command) {
        this.name = name;
        this.command = command;
    }

    @Override
    public Object execute(CommandSession session, List<Object> arguments) throws Exception {
        boolean json = Boolean.TRUE.equals(session.get(ControlRequest.JSON));
        boolean colour = Boolean.TRUE.equals(session.get(ControlRequest.COLOUR));
        List<String> words = arguments.stream().map(String::valueOf).toList();
        new Run(
                        json,
                        colour,
                        session.currentDir().toAbsolutePath(),
                        System.in,
                        System.out::println,
                        System.err::println,
                        Watcher.of(session))
                .command(name, command, words);
        return null;
    }
}
