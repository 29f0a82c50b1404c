package org.posthorn.shell;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.posthorn.api.shell.CommandLine;
import org.posthorn.api.shell.ShellCommand;

/**
 * One run of a command.
 *
 * @param folder where relative paths begin
 * @param out takes what is to be shown, without a final line end
 * @param err takes progress
 */
record Run(boolean json, boolean colour, Path folder, Consumer<String> out, Consumer<String> err) {

    /** Runs it and shows what it returns. @throws IllegalArgumentException as the command does; the message is for the person who typed */
    void command(String name, ShellCommand command, List<String> words) throws Exception {
        Usage usage = Usage.of(command.usage());
        CommandLine line = usage.from(folder, usage.read(words, err));
        if (line.has("help")) {
            out.accept(help(name, command));
            return;
        }
        show(command.action().run(line), line.has("json"));
    }

    private void show(Object value, boolean asJson) {
        if (json || asJson) out.accept(Json.of(value));
        else if (value != null) out.accept(new Table(colour).of(value));
    }

    private static String help(String name, ShellCommand command) {
        return command.help() + "\nusage: " + (name + " " + command.usage()).strip() + " [--json]";
    }
}
