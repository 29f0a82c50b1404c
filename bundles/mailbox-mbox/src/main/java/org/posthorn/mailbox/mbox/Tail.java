package org.posthorn.mailbox.mbox;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of an mbox after a kill or a power failure. What was appended and not forced may be there in part, with zeros between; and a From line that is
 * missing would add a torn message to the one before it. So from the first zero on, it is moved to a file beside: the journal brings again what
 * anybody was promised.
 */
final class Tail {

    private static final Logger LOG = LoggerFactory.getLogger(Tail.class);
    private static final int BLOCK = 64 * 1024;

    private Tail() {}

    /** @param forced so long the file was when it was forced the last time: what lies before that is whole, zeros or not */
    static void mend(Mbox mbox, long forced) throws IOException {
        mbox.writing(m -> {
            long zero = zero(m, Math.min(forced, m.channel().size()));
            if (zero < 0) return m;
            long cut = beginning(m, forced, zero);
            setAside(m.path(), m.channel(), cut, "the power failed before they were safe");
            m.reparse(0);
            return m;
        });
    }

    /** Whether from there on messages lie that have a beginning and an end, as far as that can be seen. */
    static boolean whole(FileChannel mbox, long from) throws IOException {
        ByteBuffer begin = ByteBuffer.allocate(5);
        ByteBuffer end = ByteBuffer.allocate(2);
        int n = mbox.read(begin, from);
        boolean ends = mbox.read(end, mbox.size() - 2) == 2 && end.get(0) == '\n' && end.get(1) == '\n';
        return ends && FromLine.begins(begin.array(), 0, Math.max(0, n));
    }

    /** Moves what lies behind that octet to a file beside. To be called with the file locked for writing. */
    static void setAside(Path path, FileChannel mbox, long cut, String why) throws IOException {
        long size = mbox.size();
        long changed = Files.getLastModifiedTime(path).toMillis();
        Path aside = path.resolveSibling("." + path.getFileName() + ".torn-" + changed);
        try (FileChannel out = FileChannel.open(aside, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            for (long at = cut; at < size; ) at += mbox.transferTo(at, size - at, out);
            out.force(true);
        }
        LOG.warn(
                "The last {} octets of {} are set aside as {}: {}. Mail that was accepted comes again",
                size - cut,
                path,
                aside,
                why);
        mbox.truncate(cut);
        mbox.force(true);
    }

    private static long zero(Mbox mbox, long from) throws IOException {
        for (long at = from; ; ) {
            byte[] block = mbox.bytes(at, BLOCK);
            if (block.length == 0) return -1;
            for (int i = 0; i < block.length; i++) if (block[i] == 0) return at + i;
            at += block.length;
        }
    }

    /** Where the message begins that the zero lies in: there, if an empty line ends just before it, or at the last From line. */
    private static long beginning(Mbox mbox, long forced, long zero) throws IOException {
        for (long at = zero; at > forced; at--) if (begins(mbox, at, at == zero)) return at;
        return Math.min(forced, zero);
    }

    private static boolean begins(Mbox mbox, long at, boolean zero) throws IOException {
        byte[] around = mbox.bytes(Math.max(0, at - 2), 7);
        int here = (int) Math.min(2, at);
        boolean gap = at == 0 || here == 2 && around[0] == '\n' && around[1] == '\n';
        return gap && (zero || FromLine.begins(around, here, around.length - here));
    }
}
