package org.posthorn.jmap.mail;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Takes so many octets and no more. For one thread. */
final class BoundedStream extends FilterOutputStream {

    /** There were more. */
    static final class Full extends IOException {
        private static final long serialVersionUID = 1;

        private Full(long most) {
            super("more than " + most + " octets");
        }
    }

    private final long most;
    private long left;

    BoundedStream(OutputStream out, long most) {
        super(out);
        this.most = most;
        this.left = most;
    }

    @Override
    public void write(int octet) throws IOException {
        take(1);
        out.write(octet);
    }

    @Override
    public void write(byte[] octets, int from, int length) throws IOException {
        take(length);
        out.write(octets, from, length);
    }

    private void take(int octets) throws Full {
        left -= octets;
        if (left < 0) throw new Full(most);
    }
}
