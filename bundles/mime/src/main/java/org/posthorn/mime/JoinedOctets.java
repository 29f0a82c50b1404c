package org.posthorn.mime;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;
import java.util.List;

/** Octets one behind the other, of which none are empty. */
final class JoinedOctets implements Octets {

    private final List<Octets> pieces;
    private final long[] ends;

    JoinedOctets(List<Octets> pieces) {
        this.pieces = List.copyOf(pieces);
        ends = new long[pieces.size()];
        long end = 0;
        for (int i = 0; i < ends.length; i++) ends[i] = end += pieces.get(i).size();
    }

    @Override
    public long size() {
        return ends.length == 0 ? 0 : ends[ends.length - 1];
    }

    @Override
    public InputStream open() {
        return new OctetStream(this);
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel to) throws IOException {
        if (position >= size()) return 0;
        int found = Arrays.binarySearch(ends, position);
        int i = found < 0 ? -found - 1 : found + 1;
        Octets piece = pieces.get(i);
        return piece.transferTo(position - (ends[i] - piece.size()), count, to);
    }
}
