package org.posthorn.testkit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLSocket;

/** A connection over loopback; any certificate is believed. */
public final class TcpLine implements Line {

    private Socket socket;
    private InputStream in;

    private TcpLine(Socket socket) throws IOException {
        use(socket);
    }

    /** Connects to a port of this machine. The caller closes the line. */
    public static TcpLine to(int port) throws IOException {
        return new TcpLine(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    /** Connects with TLS from the first byte. */
    public static TcpLine tlsTo(int port) throws IOException {
        TcpLine line = to(port);
        line.startTls();
        return line;
    }

    private void use(Socket next) throws IOException {
        socket = next;
        socket.setSoTimeout(10_000);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream());
    }

    @Override
    public void send(String octets) throws IOException {
        socket.getOutputStream().write(octets.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    @Override
    public String read() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) return line.size() == 0 ? null : text(line);
            line.write(b);
        }
        return text(line);
    }

    private static String text(ByteArrayOutputStream line) {
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    @Override
    public void startTls() throws IOException {
        SSLSocket tls = (SSLSocket)
                Trust.everybody().getSocketFactory().createSocket(socket, "localhost", socket.getPort(), true);
        tls.startHandshake();
        use(tls);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
