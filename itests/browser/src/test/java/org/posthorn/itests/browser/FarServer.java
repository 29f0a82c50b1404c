package org.posthorn.itests.browser;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A mail server elsewhere, which takes mail, but for recipients whose name begins with a reply. */
final class FarServer implements Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(FarServer.class);

    private final ServerSocket socket;

    FarServer(int port) throws IOException {
        socket = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
        run(this::accept);
    }

    private static void run(Runnable work) {
        Thread thread = new Thread(work, "far-server");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                run(() -> serve(client));
            } catch (IOException closed) {
                LOG.debug("It is closed: {}", closed.getMessage());
            }
        }
    }

    private static void serve(Socket client) {
        try (client) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1));
            OutputStream out = client.getOutputStream();
            say(out, "220 mx.elsewhere.test");
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.startsWith("DATA")) {
                    say(out, "354 go");
                    for (String data = in.readLine(); data != null && !data.equals("."); ) data = in.readLine();
                    say(out, "250 2.0.0 taken");
                } else say(out, answer(line));
            }
        } catch (IOException gone) {
            LOG.debug("The other side ended the session", gone);
        }
    }

    private static String answer(String line) {
        if (line.startsWith("RCPT TO:<450")) return "450 4.2.1 try later";
        return line.startsWith("RCPT TO:<550") ? "550 5.1.1 nobody here has that name" : "250 yes";
    }

    private static void say(OutputStream out, String line) throws IOException {
        out.write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
