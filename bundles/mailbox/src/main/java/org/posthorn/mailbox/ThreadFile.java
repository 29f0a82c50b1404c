package org.posthorn.mailbox;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Threads as they were worked out, so that headers are read once: a line that names the format, then records of twenty bytes, appended and not forced: number of the
 * email, of the thread, CRC-32C. It holds nothing that messages do not tell, and is read up to the first record that is damaged.
 */
record ThreadFile(Path path) {

    private static final byte[] MAGIC = "posthorn threads 1\n".getBytes(StandardCharsets.US_ASCII);
    private static final int RECORD = 20;

    static boolean sound(Path path) throws IOException {
        return new ThreadFile(path).load(new LongMap());
    }

    /** Reads it. @return whether all of it is sound; one that is not there is */
    boolean load(LongMap into) throws IOException {
        byte[] octets;
        try {
            octets = Files.readAllBytes(path);
        } catch (NoSuchFileException none) {
            return true;
        }
        if (!Arrays.equals(octets, 0, Math.min(MAGIC.length, octets.length), MAGIC, 0, MAGIC.length)) return false;
        ByteBuffer in = ByteBuffer.wrap(octets, MAGIC.length, octets.length - MAGIC.length);
        while (in.remaining() >= RECORD) {
            int check = check(octets, in.position());
            long email = in.getLong();
            long thread = in.getLong();
            if (in.getInt() != check || thread <= 0) return false;
            into.put(email, thread);
        }
        return !in.hasRemaining();
    }

    private static int check(byte[] octets, int at) {
        CRC32C crc = new CRC32C();
        crc.update(octets, at, RECORD - Integer.BYTES);
        return (int) crc.getValue();
    }

    /** Puts these behind what is there. @param threads 0 for those to be passed over */
    void append(long[] emails, long[] threads) throws IOException {
        boolean begin = !Files.exists(path);
        ByteBuffer out = ByteBuffer.allocate(MAGIC.length + emails.length * RECORD);
        if (begin) out.put(MAGIC);
        for (int i = 0; i < emails.length; i++) if (threads[i] != 0) record(out, emails[i], threads[i]);
        Files.write(
                path, Arrays.copyOf(out.array(), out.position()), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static void record(ByteBuffer out, long email, long thread) {
        int at = out.position();
        out.putLong(email).putLong(thread);
        out.putInt(check(out.array(), at));
    }

    /** Writes it anew. */
    void save(LongMap all) throws IOException {
        ByteBuffer out = ByteBuffer.allocate(MAGIC.length + all.size() * RECORD);
        out.put(MAGIC);
        all.each((email, thread) -> record(out, email, thread));
        Path fresh = path.resolveSibling(path.getFileName() + ".new");
        Files.write(fresh, out.array());
        Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
    }
}
