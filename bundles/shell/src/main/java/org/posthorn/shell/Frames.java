package org.posthorn.shell;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** The answer of the control channel: frames of output and errors, then an exit code. A client that has gone is not complained about. */
final class Frames {

    private final OutputStream out;
    private boolean gone;

    Frames(OutputStream out) {
        this.out = out;
    }

    void out(String line) {
        frame('O', line + "\n");
    }

    void err(String line) {
        frame('E', line + "\n");
    }

    /** Whether the client is there; an empty frame shows it nothing and finds out. */
    boolean watched() {
        frame('O', "");
        synchronized (this) {
            return !gone;
        }
    }

    void exit(int code) {
        write(("X " + code + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** A stream whose writes become frames of that kind. */
    PrintStream stream(char kind) {
        return new PrintStream(
                new OutputStream() {
                    @Override
                    public void write(int b) {
                        write(new byte[] {(byte) b}, 0, 1);
                    }

                    @Override
                    public void write(byte[] bytes, int from, int count) {
                        frame(kind, bytes, from, count);
                    }
                },
                true,
                StandardCharsets.UTF_8);
    }

    private void frame(char kind, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        frame(kind, bytes, 0, bytes.length);
    }

    private synchronized void frame(char kind, byte[] bytes, int from, int count) {
        byte[] head = (kind + " " + count + "\n").getBytes(StandardCharsets.US_ASCII);
        byte[] frame = java.util.Arrays.copyOf(head, head.length + count);
        System.arraycopy(bytes, from, frame, head.length, count);
        write(frame);
    }

    private synchronized void write(byte[] bytes) {
        if (gone) return;
        try {
            out.write(bytes);
            out.flush();
        } catch (IOException e) {
            gone = true;
        }
    }
}
