package org.posthorn.jmap;

import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.List;

/** The octets of pieces, one behind the other; each is opened when the one before is read. */
final class DataSources extends InputStream {

    private final Iterator<DataSource> rest;
    private InputStream now = InputStream.nullInputStream();

    DataSources(List<DataSource> sources) {
        rest = sources.iterator();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int from, int most) throws IOException {
        if (most == 0) return 0;
        while (true) {
            int n = now.read(into, from, most);
            if (n > 0) return n;
            if (!rest.hasNext()) return -1;
            now.close();
            now = rest.next().open();
        }
    }

    @Override
    public void close() throws IOException {
        now.close();
    }
}
