package org.posthorn.shell;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.felix.gogo.runtime.CommandNotFoundException;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.posthorn.api.shell.ShellCommand;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs one command of the control channel: one of ours directly, anything else in the Felix shell. */
final class Exec {

    static final int DONE = 0;
    static final int FAILED = 1;
    static final int USAGE = 64;

    private static final String INPUT = "--stdin";

    private static final Logger LOG = LoggerFactory.getLogger(Exec.class);

    private final Catalogue catalogue;
    private final CommandProcessor gogo;

    Exec(Catalogue catalogue, CommandProcessor gogo) {
        this.catalogue = catalogue;
        this.gogo = gogo;
    }

    /** @param in the command's standard input */
    void run(ControlRequest request, InputStream in, Frames frames) {
        frames.exit(code(request, in, frames));
    }

    private int code(ControlRequest request, InputStream in, Frames frames) {
        try {
            Optional<List<String>> words = Words.plain(request.command());
            if (words.isPresent() && words.get().isEmpty())
                throw new IllegalArgumentException("no command was given; posthorn:help lists them");
            Optional<ShellCommand> ours = words.flatMap(w -> catalogue.find(w.get(0)));
            if (ours.isPresent()) ours(request, words.get(), ours.get(), in, frames);
            else gogo(request, in, frames);
            return DONE;
        } catch (Interactive.Left e) {
            return DONE;
        } catch (CommandNotFoundException e) {
            frames.err("there is no command " + e.getCommand() + "; posthorn:help lists them");
            return USAGE;
        } catch (IllegalArgumentException e) {
            frames.err(String.valueOf(e.getMessage()));
            return FAILED;
        } catch (Exception | LinkageError | OutOfMemoryError e) {
            // What one command lacks, be it memory for a big file, is no reason to end the server.
            LOG.error("The command {} failed", request.command().split("\\s", 2)[0], e);
            frames.err("the command failed: " + e);
            return FAILED;
        }
    }

    private static void ours(
            ControlRequest request, List<String> words, ShellCommand command, InputStream in, Frames frames)
            throws Exception {
        List<String> behind = new ArrayList<>(words.subList(1, words.size()));
        // In front: behind "--" it would be a word.
        if (request.is("stdin")) behind.add(0, input(words.get(0), command));
        new Run(request.is("json"), request.is("color"), folder(request), in, frames::out, frames::err, frames::watched)
                .command(words.get(0), command, behind);
    }

    /** Who hands on input wants it read: what would leave it aside must not look as if it had not. */
    private static String input(String name, ShellCommand command) {
        if (!command.usage().contains("[" + INPUT + "]"))
            throw new IllegalArgumentException(name + " takes nothing from standard input");
        return INPUT;
    }

    private static Path folder(ControlRequest request) {
        return Path.of(request.headers().getOrDefault("cwd", "")).toAbsolutePath();
    }

    private void gogo(ControlRequest request, InputStream in, Frames frames) throws Exception {
        try (CommandSession session = gogo.createSession(in, frames.stream('O'), frames.stream('E'))) {
            session.put("SCOPE", "gogo:felix:*");
            session.currentDir(folder(request));
            session.put(ControlRequest.JSON, request.is("json"));
            session.put(ControlRequest.COLOUR, request.is("color"));
            BooleanSupplier watched = frames::watched;
            session.put(Watcher.CLIENT, watched);
            Object result = session.execute(request.command());
            if (result != null) session.getConsole().println(session.format(result, 0));
        }
    }
}
