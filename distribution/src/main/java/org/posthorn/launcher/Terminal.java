package org.posthorn.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** {@code posthorn shell}: this terminal, connected to the shell of the server. */
final class Terminal {
    private final Control control;

    Terminal(Control control) {
        this.control = control;
    }

    void attach() throws Failure, IOException {
        SocketChannel channel = control.connect().orElseThrow(Terminal::nobody);
        Optional<String> saved = stty("-g");
        Runnable restore = () -> saved.ifPresent(state -> stty(state));
        Thread hook = new Thread(restore, "posthorn-terminal");
        Runtime.getRuntime().addShutdownHook(hook);
        try (channel) {
            Control.request(channel, "SHELL", headers(saved.isPresent()));
            // The server echoes and edits, so the terminal hands over each key as it is.
            saved.ifPresent(state -> stty("raw", "-echo"));
            talk(channel);
        } finally {
            restore.run();
            Runtime.getRuntime().removeShutdownHook(hook);
        }
    }

    /** Whether standard input is one. */
    static boolean present() {
        return stty("-g").isPresent();
    }

    static Failure nobody() {
        return new Failure(ExitCode.NOT_RUNNING, "no server is running there to talk to");
    }

    private static void talk(SocketChannel channel) throws IOException {
        Control.feed(System.in, channel);
        InputStream in = Channels.newInputStream(channel);
        byte[] buffer = new byte[8192];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            System.out.write(buffer, 0, n);
            System.out.flush();
        }
    }

    private static Map<String, String> headers(boolean terminal) {
        Map<String, String> headers = new TreeMap<>();
        headers.put("term", System.getenv().getOrDefault("TERM", "dumb"));
        headers.put("color", Boolean.toString(terminal));
        stty("size")
                .map(size -> size.split(" "))
                // A terminal without a size, such as a serial line, says 0 0.
                .filter(size -> size.length == 2 && !size[0].equals("0"))
                .ifPresent(size -> {
                    headers.put("height", size[0]);
                    headers.put("width", size[1]);
                });
        return headers;
    }

    /** What stty prints, or empty where the input is no terminal. */
    private static Optional<String> stty(String... args) {
        try {
            String[] command = new String[args.length + 1];
            command[0] = "stty";
            System.arraycopy(args, 0, command, 1, args.length);
            Process stty = new ProcessBuilder(command)
                    .redirectInput(ProcessBuilder.Redirect.INHERIT)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String said = new String(stty.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return stty.waitFor() == 0 ? Optional.of(said) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
