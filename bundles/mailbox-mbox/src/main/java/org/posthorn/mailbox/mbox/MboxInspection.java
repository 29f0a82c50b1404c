package org.posthorn.mailbox.mbox;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.posthorn.api.store.Damage;
import org.posthorn.api.store.Inspection;

/** Octets of an mbox that belong to no message, and ends of it that were set aside. */
record MboxInspection(MboxShelf shelf, OpenFiles files, Path path, Predicate<String> known, Inspection inspection) {

    /** Where mail goes that was set aside. */
    static final String RECOVERED = "Recovered";

    private static final int BEGIN = 1024;

    void run() throws IOException {
        List<Long> spoilt = read(path, this::spoilt);
        if (!spoilt.isEmpty())
            inspection.found(
                    new Damage(
                            path.getFileName().toString(),
                            "From lines are spoilt, so that messages run into each other, at " + spoilt,
                            "are made From lines again"),
                    () -> with(path, m -> SpoiltFromLines.mend(m, spoilt(m))));
        long front = read(path, Mbox::front);
        if (front > 0)
            inspection.found(
                    new Damage(
                            path.getFileName().toString(),
                            front + " octets stand in front of the first message",
                            "become a message"),
                    () -> with(path, MboxInspection::adopt));
        for (Path torn : torn()) torn(torn);
    }

    private List<Long> spoilt(Mbox mbox) throws IOException {
        return new SpoiltFromLines(mbox, known).find();
    }

    private <T> T read(Path file, Mbox.Work<T> work) throws IOException {
        Mbox mbox = files.take(file);
        try {
            return mbox.reading(work);
        } finally {
            files.release(mbox);
        }
    }

    private <T> T with(Path file, Mbox.Work<T> work) throws IOException {
        Mbox mbox = files.take(file);
        try {
            return mbox.writing(work);
        } finally {
            files.release(mbox);
        }
    }

    private static Mbox adopt(Mbox mbox) throws IOException {
        long front = mbox.front();
        if (front == 0) return mbox;
        byte[] begin = mbox.bytes(0, (int) Math.min(front, BEGIN));
        int line = 0;
        while (line < begin.length && begin[line] != '\n') line++;
        boolean from = FromLine.date(begin, 0, line).isPresent() && line < begin.length;
        String first = FromLine.of("", Instant.ofEpochMilli(mbox.stamp().changed()));
        // What was a From line is made one again, and the message behind it is what it was.
        if (from)
            first = "From " + new String(begin, 0, line, StandardCharsets.ISO_8859_1).replaceFirst("^\\S*\\s?", "")
                    + "\n";
        new Rewrite(mbox, new BitSet(), Map.of()).behind(first, from ? line + 1 : 0);
        mbox.reparse(0);
        return mbox;
    }

    private List<Path> torn() throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> all =
                Files.newDirectoryStream(path.getParent(), "." + path.getFileName() + ".torn-*")) {
            all.forEach(found::add);
        }
        return found;
    }

    private void torn(Path torn) throws IOException {
        inspection.found(
                new Damage(
                        torn.getFileName().toString(),
                        "is the torn end of the mbox, set aside after a power failure",
                        "goes, as far as its mail did not come again, to the mailbox " + RECOVERED),
                () -> {
                    List<byte[]> left = read(path, mbox -> left(mbox, torn));
                    if (!left.isEmpty()) recover(left);
                    Files.move(
                            torn,
                            torn.resolveSibling(torn.getFileName().toString().replace(".torn-", ".seen-")),
                            StandardCopyOption.REPLACE_EXISTING);
                    MboxShelf.force(torn.getParent());
                });
    }

    /** Messages of the torn end that are not in the mbox: the journal has brought again what it had. */
    private static List<byte[]> left(Mbox mbox, Path torn) throws IOException {
        List<byte[]> left = new ArrayList<>();
        try (FileChannel channel = FileChannel.open(torn, StandardOpenOption.READ)) {
            Instant now = Files.getLastModifiedTime(torn).toInstant();
            for (Part part : new Parser(now, new HashMap<>()).parse(Lines.of(channel, 0), 0)) {
                if (isThere(mbox, channel, part)) continue;
                left.add(bytes(channel, part.start(), Math.toIntExact(part.end() - part.start())));
            }
        }
        return left;
    }

    /** By what it begins with behind the From line and the fields of the file: that holds its queue id. */
    private static boolean isThere(Mbox mbox, FileChannel torn, Part part) throws IOException {
        byte[] begin = begin(at -> bytes(torn, at, BEGIN), part);
        for (Part other : mbox.parts()) {
            byte[] there = begin(at -> mbox.bytes(at, BEGIN), other);
            int count = Math.min(begin.length, there.length);
            int same = 0;
            while (same < count && (begin[same] == there[same] || begin[same] == 0)) same++;
            if (same == count && count > 0) return true;
        }
        return false;
    }

    private interface Bytes {
        byte[] at(long place) throws IOException;
    }

    private static byte[] begin(Bytes bytes, Part part) throws IOException {
        long end = part.holes().length == 0 ? part.contentEnd() : part.holes()[0];
        byte[] begin = bytes.at(part.content());
        return Arrays.copyOf(begin, (int) Math.min(begin.length, Math.max(0, end - part.content())));
    }

    private static byte[] bytes(FileChannel channel, long at, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining() && channel.read(bytes, at + bytes.position()) > 0) continue;
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    private void recover(List<byte[]> messages) throws IOException {
        if (!shelf.names().contains(RECOVERED)) shelf.create(RECOVERED);
        with(shelf.path(RECOVERED), mbox -> {
            int before = mbox.parts().size();
            for (byte[] message : messages) {
                mbox.write(mbox.channel().size(), ByteBuffer.wrap(message));
                mbox.write(mbox.channel().size(), ByteBuffer.wrap(new byte[] {'\n', '\n'}));
            }
            mbox.force();
            mbox.reparse(Math.max(0, before - 1));
            return mbox;
        });
    }
}
