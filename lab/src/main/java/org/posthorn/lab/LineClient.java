package org.posthorn.lab;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;

/** Somebody's mail program: says lines and reads lines, each of which is told. Not safe for several threads. */
final class LineClient implements Closeable {

    private final Socket socket;
    private final BufferedReader in;
    private final Journey journey;
    private final Hop hop;

    /** @param patienceMillis how long a line is waited for */
    LineClient(int port, int patienceMillis, Journey journey, Hop hop) throws IOException {
        this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
        this.journey = journey;
        this.hop = hop;
        socket.setSoTimeout(patienceMillis);
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    void say(String line) throws IOException {
        saySecret(line, line);
    }

    /** Says something and tells something else. */
    void saySecret(String line, String told) throws IOException {
        for (String one : told.split("\r\n")) journey.say(hop, 'C', one);
        socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Reads to the first line that is meant. @throws EOFException when the server hangs up before */
    String hear(Predicate<String> meant) throws IOException {
        while (true) {
            String line = in.readLine();
            if (line == null) throw new EOFException("the server has hung up");
            journey.say(hop, 'S', TextLines.printable(line));
            if (meant.test(line)) return line;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
