package org.posthorn.shell;

import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.posthorn.api.mail.Printable;
import org.posthorn.api.mailbox.MailboxFault;
import org.posthorn.api.shell.BadNews;
import org.posthorn.api.shell.CommandLine;
import org.posthorn.api.shell.Feed;
import org.posthorn.api.shell.Page;
import org.posthorn.api.shell.ShellCommand;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of a command.
 *
 * @param folder where relative paths begin
 * @param in the command's standard input
 * @param colour whether the output goes to a terminal
 * @param out takes what is to be shown, without a final line end
 * @param err takes progress
 * @param watched whether whoever asked is still there
 */
record Run(
        boolean json,
        boolean colour,
        Path folder,
        InputStream in,
        Consumer<String> out,
        Consumer<String> err,
        BooleanSupplier watched) {

    /** How long nobody is looked for while nothing comes. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(Run.class);

    /** What these do is no news afterwards: they look. */
    private static final Set<String> LOOKING = Set.of(
            "chain", "check", "compare", "explain", "help", "list", "mx", "quota", "replay", "show", "status", "trace");

    /** Runs it and shows what it returns. @throws IllegalArgumentException as the command does, and for bad news; the message is for the person who typed */
    void command(String name, ShellCommand command, List<String> words) throws Exception {
        Usage usage = Usage.of(command.usage());
        CommandLine line = usage.from(folder, attended(usage.read(words, text -> err.accept(Printable.lines(text)))));
        if (line.has("help")) {
            out.accept(help(name, command));
            return;
        }
        Object value = value(command, line);
        if (!LOOKING.contains(command.name())) LOG.info("done: {}", said(name, command, line));
        if (value instanceof Feed feed) follow(feed, line.has("json"));
        else show(value instanceof BadNews news ? news.value() : value, line.has("json"));
        if (value instanceof BadNews news) throw new IllegalArgumentException(news.summary());
    }

    private static Object value(ShellCommand command, CommandLine line) throws Exception {
        try {
            return command.action().run(line);
        } catch (IllegalArgumentException | MailboxFault e) {
            throw new IllegalArgumentException(Printable.lines(String.valueOf(e.getMessage())), e);
        }
    }

    /** What was typed, without options, and without what may be a password. */
    private static String said(String name, ShellCommand command, CommandLine line) {
        boolean secret = command.usage().contains("PASSWORD");
        Stream<String> words =
                line.words().stream().limit(secret ? 1 : line.words().size());
        return Printable.line(Stream.concat(Stream.of(name), words).collect(Collectors.joining(" ")));
    }

    private CommandLine attended(CommandLine line) {
        return new CommandLine(line.words(), line.options(), line.progress(), colour, in);
    }

    /** Ends when nobody looks any more, or somebody interrupts. */
    private void follow(Feed feed, boolean asJson) {
        try (feed) {
            while (watched.getAsBoolean()) feed.next(LOOK).ifPresent(value -> show(value, asJson));
        } catch (InterruptedException e) {
            // That is how it is ended, by Ctrl-C in the Felix shell or by the server's stop; the thread may be used
            // again.
            Thread.interrupted();
        }
    }

    private void show(Object value, boolean asJson) {
        if (json || asJson) out.accept(Json.of(value instanceof Page page ? page.value() : value));
        else if (value != null) out.accept(new Table(colour).of(value instanceof Page page ? page.text() : value));
    }

    private static String help(String name, ShellCommand command) {
        return command.help() + "\nusage: " + (name + " " + command.usage()).strip() + " [--json]";
    }
}
