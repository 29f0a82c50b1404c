package org.posthorn.shell;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import org.apache.felix.gogo.jline.Builtin;
import org.apache.felix.gogo.jline.Posix;
import org.apache.felix.gogo.jline.Procedural;
import org.apache.felix.gogo.jline.Shell;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
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

    // The bundle keeps its own lists to itself. What opens files of the server's or reads its console is left out.
    private static final String[] BUILTIN = {
        "format",
        "getopt",
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
        "widget"
    };
    private static final String[] PROCEDURAL = {
        "each", "if", "not", "throw", "try", "until", "while", "break", "continue"
    };
    private static final String[] POSIX = {
        "echo", "grep", "sort", "sleep", "less", "watch", "clear", "head", "tail", "wc", "date"
    };
    private static final String[] SHELL = {"gosh", "sh", "source", "help"};

    private final BundleContext context;
    private final CommandProcessor gogo;
    private final List<ServiceRegistration<?>> commands = new ArrayList<>();

    Interactive(BundleContext context, CommandProcessor gogo) {
        this.context = context;
        this.gogo = gogo;
        register(new Builtin(), BUILTIN);
        register(new Procedural(), PROCEDURAL);
        register(new Posix(gogo), POSIX);
        register(new Shell(new Framework(), gogo), SHELL);
    }

    private void register(Object target, String[] functions) {
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put(CommandProcessor.COMMAND_SCOPE, "gogo");
        properties.put(CommandProcessor.COMMAND_FUNCTION, functions);
        commands.add(context.registerService(Object.class, target, properties));
    }

    /** Talks until either side ends it. */
    void run(ControlRequest request, InputStream in, OutputStream out) throws IOException {
        try (Terminal terminal = terminal(request, in, out);
                CommandSession session = gogo.createSession(terminal.input(), terminal.output(), terminal.output())) {
            session.put(Shell.VAR_TERMINAL, terminal);
            session.put(Shell.VAR_CONTEXT, context);
            session.put(ControlRequest.COLOUR, request.is("color"));
            session.put("SCOPE", "gogo:felix:*");
            session.put("prompt", "posthorn> ");
            new Shell(new Framework(), gogo).gosh(session, new String[] {"--login", "--noshutdown"});
        } catch (IOException e) {
            throw e;
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
    }

    /** What the Felix shell may do to the framework: read its properties, and nothing else; leaving the shell does not stop the server. */
    private final class Framework implements Shell.Context {
        @Override
        public String getProperty(String name) {
            return context.getProperty(name);
        }

        @Override
        public void exit() {
            LOG.debug("A shell session was left");
        }
    }
}
