package org.posthorn.http;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/** A client of RFC 6455 that may send whatever it likes. */
final class FrameClient implements AutoCloseable {

    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;
    static final int FIN = 0x80;

    private static final byte[] MASK = {0x37, (byte) 0xfa, 0x21, 0x3d};

    /** A frame of the server. @param first octet of it */
    record Frame(int first, byte[] payload) {

        int opcode() {
            return first & 15;
        }

        String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }

        /** Of a close. */
        int code() {
            return payload.length < 2 ? 0 : ByteBuffer.wrap(payload).getShort() & 0xFFFF;
        }
    }

    final Socket socket;
    final String head;
    private final DataInputStream in;

    FrameClient(int port, String path) throws IOException {
        this(port, path, "Sec-WebSocket-Protocol: echo\r\n");
    }

    FrameClient(int port, String path, String more) throws IOException {
        socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(20_000);
        socket.getOutputStream()
                .write(("GET " + path + " HTTP/1.1\r\nHost: server.example.com\r\nUpgrade: websocket\r\n"
                                + "Connection: keep-alive, Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                                + "Sec-WebSocket-Version: 13\r\n" + more + "\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        in = new DataInputStream(socket.getInputStream());
        head = head();
    }

    private String head() throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf("\r\n\r\n") < 0) text.append((char) in.readUnsignedByte());
        return text.toString();
    }

    static byte[] frame(int first, byte[] payload) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(first);
        if (payload.length < 126) out.write(0x80 | payload.length);
        else {
            out.write(0x80 | 127);
            out.writeBytes(ByteBuffer.allocate(8).putLong(payload.length).array());
        }
        out.writeBytes(MASK);
        for (int i = 0; i < payload.length; i++) out.write(payload[i] ^ MASK[i % 4]);
        return out.toByteArray();
    }

    void send(int first, String text) throws IOException {
        write(frame(first, text.getBytes(StandardCharsets.UTF_8)));
    }

    void write(byte[] octets) throws IOException {
        socket.getOutputStream().write(octets);
    }

    /** The next one; the connection ends in an EOFException. */
    Frame read() throws IOException {
        int first = in.readUnsignedByte();
        int length = in.readUnsignedByte();
        if (length == 126) length = in.readUnsignedShort();
        else if (length == 127) length = Math.toIntExact(in.readLong());
        byte[] payload = new byte[length];
        in.readFully(payload);
        return new Frame(first, payload);
    }

    /** The next one that is no ping; those are answered. */
    Frame readBehindPings() throws IOException {
        while (true) {
            Frame next = read();
            if (next.opcode() != PING) return next;
            write(frame(FIN | PONG, next.payload()));
        }
    }

    boolean ended() throws IOException {
        return in.read() < 0;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** The JDK's own. */
    static WebSocket jdk(int port, String path, WebSocket.Listener listener) {
        CompletableFuture<WebSocket> opened = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .subprotocols("echo")
                .buildAsync(URI.create("ws://127.0.0.1:" + port + path), listener);
        return opened.join();
    }
}
