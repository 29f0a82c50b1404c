package org.posthorn.net;

import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.posthorn.testkit.Trust;

/** A client of the echo that has its TLS as it likes. */
final class TlsClient implements AutoCloseable {

    private static final SSLContext TRUSTING = Trust.everybody();

    final Corked raw;
    final SSLSocket tls;

    /** Shakes hands; with STARTTLS after the greeting. */
    TlsClient(int port, Port.TlsMode mode, String version) throws IOException {
        raw = new Corked(port);
        raw.setSoTimeout(30_000);
        raw.setTcpNoDelay(true);
        if (mode == Port.TlsMode.starttls) {
            expect(raw.getInputStream(), "hello v1\r\n");
            raw.getOutputStream().write("tls\r\n".getBytes(StandardCharsets.US_ASCII));
            expect(raw.getInputStream(), "begin\r\n");
        }
        tls = (SSLSocket) TRUSTING.getSocketFactory().createSocket(raw, "localhost", port, true);
        tls.setEnabledProtocols(new String[] {version});
    }

    TlsClient shake() throws IOException {
        tls.startHandshake();
        return this;
    }

    TlsClient send(String octets) throws IOException {
        tls.getOutputStream().write(octets.getBytes(StandardCharsets.US_ASCII));
        return this;
    }

    TlsClient expect(String octets) throws IOException {
        expect(tls.getInputStream(), octets);
        return this;
    }

    private static void expect(InputStream in, String octets) throws IOException {
        String came = new String(in.readNBytes(octets.length()), StandardCharsets.US_ASCII);
        if (!came.equals(octets)) throw new IOException("not <" + octets + "> but <" + came + ">");
    }

    /** In small bites, so that the server's socket is full again and again. */
    TlsClient expect(byte[] octets, int size, int bite) throws IOException {
        for (int i = 0; i < size; ) {
            byte[] came = tls.getInputStream().readNBytes(Math.min(bite, size - i));
            if (came.length == 0) throw new IOException("ended at octet " + i);
            if (!java.util.Arrays.equals(came, 0, came.length, octets, i, i + came.length))
                throw new IOException("other octets from " + i);
            i += came.length;
            Thread.yield();
        }
        return this;
    }

    /** The end is one that TLS vouches for. */
    void expectEnd() throws IOException {
        int more = tls.getInputStream().read();
        if (more >= 0) throw new IOException("octet " + more + " instead of the end");
    }

    @Override
    public void close() throws IOException {
        tls.close();
    }

    /** A socket that can hold back all that is said after the server's first word, and then say it at once. */
    static final class Corked extends Socket {
        private final ByteArrayOutputStream held = new ByteArrayOutputStream();
        private boolean corking;
        private boolean heard;

        Corked(int port) throws IOException {
            super(InetAddress.getLoopbackAddress(), port);
        }

        void cork() {
            corking = true;
            heard = false;
        }

        synchronized void uncork() throws IOException {
            corking = false;
            super.getOutputStream().write(held.toByteArray());
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return new FilterInputStream(super.getInputStream()) {
                @Override
                public int read(byte[] into, int offset, int length) throws IOException {
                    int n = super.read(into, offset, length);
                    heard = true;
                    return n;
                }
            };
        }

        @Override
        public OutputStream getOutputStream() throws IOException {
            OutputStream out = super.getOutputStream();
            return new OutputStream() {
                @Override
                public void write(int octet) throws IOException {
                    write(new byte[] {(byte) octet}, 0, 1);
                }

                @Override
                public void write(byte[] octets, int offset, int length) throws IOException {
                    if (corking && heard) held.write(octets, offset, length);
                    else out.write(octets, offset, length);
                }
            };
        }
    }
}
