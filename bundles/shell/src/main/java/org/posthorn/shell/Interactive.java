package org.posthorn.shell;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import org.apache.felix.gogo.jline.Builtin;
import org.apache.felix.gogo.jline.Converters;
import org.apache.felix.gogo.jline.Posix;
import org.apache.felix.gogo.jline.Procedural;
import org.apache.felix.gogo.jline.Shell;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.apache.felix.service.command.Function;
import org.jline.reader.impl.LineReaderImpl;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Felix shell for a terminal at the other end of the control channel. The bundle gogo.jline is not started (that would put a shell on the server's own
 * console), so its commands are registered here.
 */
final class Interactive implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Interactive.class);

    // The bundle keeps its own lists to itself.
    private static final String[] BUILTIN = {
        "format",
        "getopt",
        "new",
        "set",
        "tac",
        "type",
        "jobs",
        "fg",
        "bg",
        "keymap",
        "setopt",
        "unsetopt",
        "complete",
        "history",
        "widget",
        "__files",
        "__directories",
        "__usage_completion"
    };
    private static final String[] PROCEDURAL = {
        "each", "if", "not", "throw", "try", "until", "while", "break", "continue"
    };
    private static final String[] POSIX = {
        "cat", "echo", "grep", "sort", "sleep", "cd", "pwd", "ls", "less", "watch", "nano", "head", "tail", "clear",
        "wc", "date", "ttop"
    };
    private static final String[] SHELL = {"gosh", "sh", "source", "help"};

    private static final String PROFILE = "profile.gosh";

    private final BundleContext context;
    private final CommandProcessor gogo;
    private final Catalogue catalogue;
    private final Path home;
    private final ServiceRegistration<?> converters;
    private final List<ServiceRegistration<?>> commands = new ArrayList<>();

    /** @throws IOException when the profile cannot be laid where the Felix shell looks for it */
    Interactive(BundleContext context, CommandProcessor gogo, Catalogue catalogue) throws IOException {
        this.context = context;
        this.gogo = gogo;
        this.catalogue = catalogue;
        this.home = Path.of(context.getProperty("posthorn.data"), "run", "shell");
        layProfile();
        // Else a number behind felix:stop, say, is no bundle.
        converters = context.registerService(
                Converter.class, new Converters(context.getBundle(0).getBundleContext()), null);
        register(new Leave(), new String[] {"exit", "quit"});
        register(new Discretion(), new String[] {"__discretion"});
        register(new Builtin(), BUILTIN);
        register(new Procedural(), PROCEDURAL);
        register(new Posix(gogo), POSIX);
        register(new Shell(new Framework(), gogo), SHELL);
    }

    private void layProfile() throws IOException {
        Path etc = Files.createDirectories(home.resolve("etc"));
        try (InputStream profile = Interactive.class.getResourceAsStream(PROFILE)) {
            Files.copy(profile, etc.resolve(PROFILE), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private void register(Object target, String[] functions) {
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put(CommandProcessor.COMMAND_SCOPE, target instanceof Function ? "posthorn" : "gogo");
        properties.put(CommandProcessor.COMMAND_FUNCTION, functions);
        commands.add(context.registerService(Object.class, target, properties));
    }

    /** Talks until either side ends it. */
    void run(ControlRequest request, InputStream in, OutputStream out) throws IOException {
        // JLine looks for its terminals through the context class loader; only without one does it ask its own.
        Thread.currentThread().setContextClassLoader(null);
        ClientInput typed = new ClientInput(in);
        try (Terminal terminal = terminal(request, typed, out);
                CommandSession session = gogo.createSession(terminal.input(), terminal.output(), terminal.output())) {
            session.put(Shell.VAR_TERMINAL, terminal);
            session.put(Shell.VAR_CONTEXT, context);
            session.put(ControlRequest.COLOUR, request.is("color"));
            session.put(Watcher.CLIENT, typed);
            // In this session, not in a child of it, which would know none of these variables.
            new Shell(new Framework(), gogo, PROFILE).gosh(session, new String[] {"--login", "--noshutdown"});
        } catch (IOException e) {
            throw e;
        } catch (IllegalStateException closed) {
            // How JLine says that the terminal was closed under it: the way a session ends here.
            LOG.debug("A shell session was left", closed);
        } catch (Exception e) {
            LOG.warn("A shell session ended by a fault", e);
        }
    }

    private static Terminal terminal(ControlRequest request, InputStream in, OutputStream out) throws IOException {
        Terminal terminal = TerminalBuilder.builder()
                .name("posthorn")
                .system(false)
                .streams(in, out)
                .type(request.headers().getOrDefault("term", "dumb"))
                .encoding(StandardCharsets.UTF_8)
                .build();
        terminal.setSize(new Size(request.number("width", 80), request.number("height", 24)));
        return terminal;
    }

    @Override
    public void close() {
        commands.forEach(ServiceRegistration::unregister);
        converters.unregister();
    }

    /** A script is left where it stands. */
    static final class Left extends Exception {
        private static final long serialVersionUID = 1;
    }

    /** {@code exit}: ends the session by closing its terminal. */
    private static final class Leave implements Function {
        @Override
        public Object execute(CommandSession session, List<Object> arguments) throws Exception {
            if (!(session.get(Shell.VAR_TERMINAL) instanceof Terminal terminal)) throw new Left();
            terminal.close();
            return null;
        }
    }

    /** Said by the profile, when there is a reader of lines. */
    private final class Discretion implements Function {
        @Override
        public Object execute(CommandSession session, List<Object> arguments) {
            DiscreetHistory history = new DiscreetHistory(catalogue.withPasswords());
            LineReaderImpl reader = (LineReaderImpl) session.get(Shell.VAR_READER);
            reader.setHistory(history);
            history.attach(reader);
            return null;
        }
    }

    /** What the Felix shell may do to the framework: read its properties, and nothing else; leaving the shell does not stop the server. */
    private final class Framework implements Shell.Context {
        @Override
        public String getProperty(String name) {
            return name.equals("gosh.home") ? home.toString() : context.getProperty(name);
        }

        @Override
        public void exit() {
            LOG.debug("A shell session was left");
        }
    }
}
