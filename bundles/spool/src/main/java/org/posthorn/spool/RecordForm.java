package org.posthorn.spool;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.spool.ShelfNote;

/**
 * What stands in a record. Its first octet is its kind. Numbers are big-endian; a text is its length and its octets in UTF-8.
 *
 * <ul>
 *   <li>mail: the length of what describes it, that ({@link MailForm}), and its octets or, for a large one, the fields in front of them
 *   <li>settled: the id, how many, the places of the recipients
 *   <li>note: the id, the boot, which note, what it says
 * </ul>
 */
final class RecordForm {

    static final byte MAIL = 1;
    static final byte SETTLED = 2;
    static final byte NOTE = 3;

    private RecordForm() {}

    static ByteBuffer settled(MailId id, Collection<Integer> places) {
        ByteBuffer record = ByteBuffer.allocate(13 + 4 * places.size());
        record.put(SETTLED).putLong(id.number()).putInt(places.size());
        places.forEach(record::putInt);
        return record.flip();
    }

    /** Reads who is settled, behind the id. */
    static List<Integer> places(DataInputStream in) throws IOException {
        List<Integer> places = new ArrayList<>();
        for (int count = in.readInt(); count > 0; count--) places.add(in.readInt());
        return places;
    }

    static ByteBuffer note(MailId id, Committed.Noted noted) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeByte(NOTE);
        out.writeLong(id.number());
        uuid(out, noted.boot());
        out.writeInt(noted.note().recipient());
        if (noted.note() instanceof ShelfNote.Shelved s) {
            out.writeByte('S');
            text(out, s.account());
            lying(out, s.mailbox(), s.uidValidity(), s.uid(), s.key());
            out.writeLong(s.size());
        } else if (noted.note() instanceof ShelfNote.Moved m) {
            out.writeByte('M');
            lying(out, m.mailbox(), m.uidValidity(), m.uid(), m.key());
        } else out.writeByte('G');
        return ByteBuffer.wrap(bytes.toByteArray());
    }

    private static void lying(DataOutputStream out, String mailbox, long validity, long uid, String key)
            throws IOException {
        text(out, mailbox);
        out.writeLong(validity);
        out.writeLong(uid);
        text(out, key);
    }

    /** Reads a note behind its id. */
    static Committed.Noted note(DataInputStream in) throws IOException {
        UUID boot = uuid(in);
        int recipient = in.readInt();
        return new Committed.Noted(
                boot,
                switch (in.readByte()) {
                    case 'S' ->
                        new ShelfNote.Shelved(
                                recipient, text(in), text(in), in.readLong(), in.readLong(), text(in), in.readLong());
                    case 'M' -> new ShelfNote.Moved(recipient, text(in), in.readLong(), in.readLong(), text(in));
                    case 'G' -> new ShelfNote.Gone(recipient);
                    default -> throw new IOException("a note of a kind that is not known");
                });
    }

    static DataInputStream in(byte[] record, int from, int count) {
        return new DataInputStream(new ByteArrayInputStream(record, from, count));
    }

    static void text(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    static String text(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > in.available()) throw new IOException("a text longer than its record");
        return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    static void uuid(DataOutputStream out, UUID uuid) throws IOException {
        out.writeLong(uuid.getMostSignificantBits());
        out.writeLong(uuid.getLeastSignificantBits());
    }

    static UUID uuid(DataInputStream in) throws IOException {
        return new UUID(in.readLong(), in.readLong());
    }
}
