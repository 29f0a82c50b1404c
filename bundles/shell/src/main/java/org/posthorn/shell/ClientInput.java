package org.posthorn.shell;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * What a client of the Felix shell types. JLine gives it to a pseudo-terminal, where Ctrl-C reaches no process; so it is counted here, also while a command
 * runs, since the terminal reads at all times.
 */
final class ClientInput extends FilterInputStream {

    private static final int CTRL_C = 3;

    private volatile boolean gone;
    private volatile int interrupts;

    ClientInput(InputStream client) {
        super(client);
    }

    /** Whether there is no more of him. */
    boolean gone() {
        return gone;
    }

    /** How often Ctrl-C was pressed. */
    int interrupts() {
        return interrupts;
    }

    @Override
    public int read() throws IOException {
        int octet = super.read();
        if (octet < 0) gone = true;
        else note((byte) octet);
        return octet;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        int count = super.read(into, offset, length);
        if (count < 0) gone = true;
        for (int i = offset; i < offset + count; i++) note(into[i]);
        return count;
    }

    /** The terminal's pump is the one who reads. */
    private synchronized void note(byte octet) {
        if (octet == CTRL_C) interrupts++;
    }
}
