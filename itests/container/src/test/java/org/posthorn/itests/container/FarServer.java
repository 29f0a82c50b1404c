package org.posthorn.itests.container;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A server elsewhere, which takes no mail until it is opened, and then tells the subject of each. */
final class FarServer implements Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(FarServer.class);

    /** The subjects of what it has taken, in order. */
    final BlockingQueue<String> taken = new LinkedBlockingQueue<>();

    private final ServerSocket socket;
    private volatile boolean open;

    FarServer() throws IOException {
        socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        run(this::accept);
    }

    private static void run(Runnable work) {
        Thread thread = new Thread(work, "far-server");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return socket.getLocalPort();
    }

    void open() {
        open = true;
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                run(() -> serve(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1));
            OutputStream out = client.getOutputStream();
            say(out, "220 far.test");
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.startsWith("DATA")) {
                    say(out, "354 go");
                    String subject = data(in);
                    say(out, "250 2.0.0 taken");
                    taken.add(subject);
                } else say(out, line.startsWith("RCPT") && !open ? "451 4.3.2 not yet" : "250 yes");
            }
        } catch (IOException gone) {
            LOG.debug("The other side ended the session", gone);
        }
    }

    private static String data(BufferedReader in) throws IOException {
        String subject = "";
        for (String line = in.readLine(); !".".equals(line); line = in.readLine()) {
            if (line == null) throw new IOException("the data do not end");
            if (line.startsWith("Subject: ")) subject = line.substring(9);
        }
        return subject;
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
