package org.posthorn.testkit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import javax.net.ssl.SSLSocket;

/** A connection over loopback; any certificate is believed. */
public final class TcpLine implements Line {

    private Socket socket;
    private InputStream buffered;
    private InputStream in;
    private OutputStream out;

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
        buffered = new BufferedInputStream(socket.getInputStream());
        in = buffered;
        out = socket.getOutputStream();
    }

    @Override
    public void send(String octets) throws IOException {
        out.write(octets.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
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
    public void compress() throws IOException {
        // Octet by octet, so that what comes behind the end stays where it is.
        in = new InflaterInputStream(in, new Inflater(true), 1);
        out = new DeflaterOutputStream(out, new Deflater(Deflater.DEFAULT_COMPRESSION, true), true);
    }

    @Override
    public void uncompress() throws IOException {
        int more = in.read();
        if (more >= 0) throw new IOException("octet " + more + " is compressed behind the end");
        in = buffered;
        out = socket.getOutputStream();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
