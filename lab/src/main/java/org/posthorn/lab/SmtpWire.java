package org.posthorn.lab;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.function.Consumer;

/** The cable between two servers: it hands on what either says, and listens. */
final class SmtpWire implements Closeable {

    private final ServerSocket door;
    private final InetSocketAddress to;
    private final Journey journey;
    private final Pace pace;

    /** @param to the server at the other end */
    SmtpWire(InetSocketAddress to, Journey journey, Pace pace) throws IOException {
        this.to = to;
        this.journey = journey;
        this.pace = pace;
        this.door = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Background.run("lab-smtp", this::connections);
    }

    int port() {
        return door.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        door.close();
    }

    private void connections() throws IOException {
        while (true) {
            Socket client = door.accept();
            Background.run("lab-smtp-client", () -> connection(client));
        }
    }

    private void connection(Socket client) throws IOException, InterruptedException {
        journey.pass(Hop.MTA, "kept in the journal, on its way to the next server");
        journey.pass(Hop.DNS, "mail.two.test at 127.0.0.1");
        journey.reach(Hop.MX);
        pace.before(Hop.MX);
        Talk talk = new Talk();
        try (client;
                Socket server = new Socket(to.getAddress(), to.getPort())) {
            // Whoever hangs up takes the other along.
            Background.run("lab-smtp-answers", () -> {
                try (client;
                        server) {
                    pump(server.getInputStream(), client.getOutputStream(), talk::answered);
                }
            });
            pump(client.getInputStream(), server.getOutputStream(), talk::said);
        } catch (IOException e) {
            journey.say(Hop.MX, 'S', "(the line is cut: " + TextLines.printable(e.getMessage()) + ")");
        }
    }

    private static void pump(InputStream in, OutputStream out, Consumer<String> heard) throws IOException {
        TextLines lines = new TextLines(heard);
        byte[] buffer = new byte[8192];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            // Before it is handed on, so that an answer never stands before its question.
            lines.add(buffer, n);
            out.write(buffer, 0, n);
        }
    }

    /** What is told of one connection; of a long message its beginning. */
    private final class Talk {

        private static final int MOST_LINES = 200;

        private boolean inMessage;
        private boolean messageEnded;
        private int lines;

        private synchronized void said(String line) {
            messageEnded = inMessage && line.equals(".");
            lines = inMessage ? lines + 1 : 0;
            inMessage &= !messageEnded;
            if (lines < MOST_LINES || messageEnded) journey.say(Hop.MX, 'C', line);
            else if (lines == MOST_LINES) journey.say(Hop.MX, 'C', "(and so on)");
        }

        private synchronized void answered(String line) {
            journey.say(Hop.MX, 'S', line);
            if (line.startsWith("354")) inMessage = true;
            if (!messageEnded) return;
            messageEnded = false;
            if (!line.startsWith("250")) return;
            journey.pass(Hop.MX, line);
            journey.reach(Hop.MDA);
        }
    }
}
