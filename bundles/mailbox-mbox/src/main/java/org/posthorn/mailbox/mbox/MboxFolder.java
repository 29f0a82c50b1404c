package org.posthorn.mailbox.mbox;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.posthorn.api.mail.Message;
import org.posthorn.api.mailbox.Filed;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.Folder;
import org.posthorn.api.mailbox.Found;
import org.posthorn.api.mailbox.Scan;
import org.posthorn.api.mailbox.Staged;
import org.posthorn.api.mailbox.Stamp;
import org.posthorn.mime.CrlfOctets;
import org.posthorn.mime.StoredMessage;

/** The messages of one mbox. */
final class MboxFolder implements Folder {

    private final OpenFiles files;
    private final Mbox mbox;
    private final Path staging;

    MboxFolder(OpenFiles files, Mbox mbox, Path staging) {
        this.files = files;
        this.mbox = mbox;
        this.staging = staging;
    }

    @Override
    public Stamp stamp() throws IOException {
        return mbox.stamp();
    }

    @Override
    public Scan scan(Predicate<String> known) throws IOException {
        return mbox.reading(m -> {
            List<Found> found = new ArrayList<>(m.parts().size());
            long last = 0;
            for (Part part : m.parts()) {
                // A UID out of order, or above what was given, is somebody's invention.
                boolean believed = part.uid() > last && part.uid() <= m.lastUid();
                if (believed) last = part.uid();
                long uid = believed && !known.test(part.key()) ? part.uid() : 0;
                found.add(new Found(part.key(), uid, part.flags(), part.size(), part.date()));
            }
            return new Scan(m.parsed(), m.uidValidity(), m.lastUid() + 1, found, true, keyword -> true);
        });
    }

    @Override
    public Staged stage(Message message, Instant internalDate) throws IOException {
        return StagedMessage.of(this, staging, message, internalDate);
    }

    /** Writes a message behind the others. If that fails the file is as long as it was. */
    void append(StagedMessage staged, long uidValidity, long uid, Flags flags) throws IOException {
        mbox.appending(m -> {
            long end = m.channel().size();
            int count = m.parts().size();
            String gap = gap(m, end);
            String base = end == 0 ? Fields.base(uidValidity, uid) : "";
            if (m.uidValidity() == uidValidity) m.given(uid);
            try {
                m.write(end, ByteBuffer.wrap(gap.getBytes(StandardCharsets.US_ASCII)));
                staged.writeTo(m, end + gap.length(), base + Fields.uid(uid) + Fields.flags(flags));
            } catch (IOException | RuntimeException | OutOfMemoryError e) {
                m.channel().truncate(end);
                throw e;
            }
            m.reparse(gap.isEmpty() ? count : Math.max(0, count - 1));
            return m;
        });
    }

    /** What another program forgot at the end: a message ends with its line and an empty one. */
    private static String gap(Mbox mbox, long end) throws IOException {
        if (end == 0) return "";
        String last = new String(mbox.bytes(Math.max(0, end - 3), 3), StandardCharsets.ISO_8859_1);
        if (last.endsWith("\n\n") || last.equals("\n\r\n")) return "";
        return last.endsWith("\n") ? "\n" : "\n\n";
    }

    @Override
    public Optional<Message> read(Filed filed) throws IOException {
        return mbox.reading(m -> {
            int place = m.place(filed.key());
            if (place < 0) return Optional.empty();
            Part part = m.parts().get(place);
            MboxOctets octets = MboxOctets.of(files, m, part);
            return Optional.of(StoredMessage.of(CrlfOctets.ofMboxrd(octets, part.size())));
        });
    }

    @Override
    public boolean flag(Filed filed, Flags flags) throws IOException {
        return mbox.writing(m -> {
            int place = m.place(filed.key());
            if (place < 0) return false;
            Part part = m.parts().get(place);
            if (fits(part, flags)) {
                overwrite(m, part, flags);
                m.flagged(place, flags);
            } else {
                new Rewrite(m, new BitSet(), Map.of(place, flags)).run();
                m.reparse(place);
            }
            return true;
        });
    }

    private static boolean fits(Part part, Flags flags) {
        return fits(part, Fields.STATUS, flags.has(Flags.SEEN) ? "RO" : "")
                && fits(part, Fields.X_STATUS, Fields.xStatus(flags).strip())
                && fits(part, Fields.KEYWORDS, String.join(" ", flags.keywords()));
    }

    private static boolean fits(Part part, String name, String value) {
        Part.Value there = part.fields().get(name);
        return there == null ? value.isEmpty() : value.length() <= there.length();
    }

    private static void overwrite(Mbox mbox, Part part, Flags flags) throws IOException {
        overwrite(mbox, part, Fields.STATUS, Fields.status(flags).strip());
        overwrite(mbox, part, Fields.X_STATUS, Fields.xStatus(flags).strip());
        overwrite(mbox, part, Fields.KEYWORDS, String.join(" ", flags.keywords()));
    }

    private static void overwrite(Mbox mbox, Part part, String name, String value) throws IOException {
        Part.Value there = part.fields().get(name);
        if (there != null && there.length() >= value.length()) mbox.overwrite(there, value);
    }

    @Override
    public void remove(Collection<Filed> filed) throws IOException {
        mbox.writing(m -> {
            BitSet gone = new BitSet();
            filed.stream().mapToInt(f -> m.place(f.key())).filter(p -> p >= 0).forEach(gone::set);
            if (gone.isEmpty()) return m;
            new Rewrite(m, gone, Map.of()).run();
            m.reparse(gone.nextSetBit(0));
            return m;
        });
    }

    @Override
    public void force(long uidValidity, Collection<Filed> filed) throws IOException {
        mbox.force();
    }

    @Override
    public void powerFailed(Stamp forced) throws IOException {
        Tail.mend(mbox, forced.first());
    }

    @Override
    public boolean unplaced(String key) {
        // What is staged does not bear this key, so nobody can tell. To lose one is worse than to bring one back.
        return true;
    }

    @Override
    public void close() throws IOException {
        files.release(mbox);
    }
}
