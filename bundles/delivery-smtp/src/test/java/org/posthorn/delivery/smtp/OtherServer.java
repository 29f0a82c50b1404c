package org.posthorn.delivery.smtp;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A server of SMTP that does as the test says. */
final class OtherServer implements AutoCloseable {

    /** An answer that is none: the connection is closed. */
    static final String CLOSE = "close";
    /** No answer, ever. */
    static final String SILENCE = "silence";

    final List<String> commands = new CopyOnWriteArrayList<>();
    final List<String> data = new CopyOnWriteArrayList<>();
    private final Semaphore ended = new Semaphore(0);
    final AtomicInteger connections = new AtomicInteger();
    private final ServerSocket socket;
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private volatile List<String> extensions = List.of("PIPELINING", "8BITMIME", "SIZE 1000000", "DSN", "SMTPUTF8");
    private volatile Function<String, String> answers = command -> null;
    private volatile boolean falseTls;
    private volatile SSLContext tls;

    OtherServer() throws IOException {
        this("127.0.0.1", 0);
    }

    OtherServer(String address, int port) throws IOException {
        socket = new ServerSocket(port, 50, InetAddress.getByName(address));
        Thread thread = new Thread(this::accept, "other-server");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return socket.getLocalPort();
    }

    String hop() {
        return "[127.0.0.1]:" + port();
    }

    OtherServer can(String... what) {
        extensions = List.of(what);
        return this;
    }

    /** What it answers to a command, {@code GREETING} and {@code END} (of the data) among them; null is the usual. */
    OtherServer answers(Function<String, String> other) {
        answers = other;
        return this;
    }

    /** Answers so whenever the command begins so. */
    OtherServer answers(String command, String answer) {
        return answers(c -> c.startsWith(command) ? answer : null);
    }

    /** It offers TLS, and answers something else than yes when that is asked for. */
    void falseTls() {
        falseTls = true;
    }

    OtherServer tls(SSLContext context) {
        tls = context;
        return this;
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                open.add(client);
                connections.incrementAndGet();
                Thread thread = new Thread(() -> talk(client), "other-server-talk");
                thread.setDaemon(true);
                thread.start();
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void talk(Socket client) {
        try (client) {
            serve(client);
        } catch (IOException gone) {
            commands.add("GONE");
        } finally {
            ended.release();
        }
    }

    /** Comes back when one more client has left: its mail is answered before it says QUIT. */
    void awaitEnd() throws InterruptedException {
        if (!ended.tryAcquire(20, TimeUnit.SECONDS)) throw new IllegalStateException("the client does not leave");
    }

    private void serve(Socket client) throws IOException {
        InputStream in = new BufferedInputStream(client.getInputStream());
        if (client instanceof SSLSocket == false) say(client, "GREETING", "220 other.test ESMTP");
        for (String line = line(in); line != null; line = line(in)) {
            commands.add(line);
            String verb = line.split("[ :]")[0].toUpperCase(java.util.Locale.ROOT);
            switch (verb) {
                case "EHLO" -> say(client, line, ehlo(client));
                case "STARTTLS" -> {
                    if (!say(client, line, "220 go").startsWith("220")) continue;
                    SSLSocket secure =
                            (SSLSocket) tls.getSocketFactory().createSocket(client, null, client.getPort(), true);
                    secure.setUseClientMode(false);
                    serve(secure);
                    return;
                }
                case "DATA" -> {
                    if (say(client, line, "354 go").startsWith("354")) {
                        data.add(data(in));
                        say(client, "END", "250 2.0.0 taken");
                    }
                }
                case "QUIT" -> {
                    say(client, line, "221 bye");
                    return;
                }
                default -> say(client, line, "250 2.1.5 yes");
            }
        }
    }

    private String ehlo(Socket client) {
        StringBuilder all = new StringBuilder("250");
        List<String> more = new java.util.ArrayList<>(extensions);
        if ((tls != null || falseTls) && !(client instanceof SSLSocket)) more.add("STARTTLS");
        all.append(more.isEmpty() ? " " : "-").append("other.test");
        for (int i = 0; i < more.size(); i++)
            all.append("\r\n250").append(i == more.size() - 1 ? ' ' : '-').append(more.get(i));
        return all.toString();
    }

    private String say(Socket client, String command, String usual) throws IOException {
        String other = answers.apply(command);
        String answer = other == null ? usual : other;
        if (answer.equals(CLOSE)) throw new IOException("asked for");
        if (!answer.equals(SILENCE)) {
            client.getOutputStream().write((answer + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            client.getOutputStream().flush();
        }
        return answer;
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) return null;
            if (b != '\r') line.write(b);
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    private static String data(InputStream in) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        while (!endsData(all)) {
            int b = in.read();
            if (b < 0) throw new IOException("the data do not end");
            all.write(b);
        }
        String text = all.toString(StandardCharsets.ISO_8859_1);
        return text.substring(0, text.length() - 3);
    }

    private static boolean endsData(ByteArrayOutputStream all) {
        if (all.size() < 3) return false;
        String text = all.size() > 5 ? null : all.toString(StandardCharsets.ISO_8859_1);
        return text != null && text.equals(".\r\n")
                || all.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n.\r\n");
    }

    @Override
    public void close() {
        try {
            socket.close();
            for (Socket s : open) s.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
