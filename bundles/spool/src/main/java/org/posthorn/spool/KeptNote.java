package org.posthorn.spool;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.posthorn.api.mail.Envelope;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.Recipient;
import org.posthorn.mime.StoredMessage;

/**
 * What stands beside the octets of a mail that waits, in case that the queue's store is lost: who waits, and the check sum of the octets. The file
 * is {@code PHKEPT} and the version, the CRC32C of what comes then up to the marks, the number of recipients, a {@link MailForm}, the check sum of the octets,
 * and a mark for each recipient. Who waits no more gets his mark, and when nobody does {@code PHOVER} stands in front instead, both written in
 * their place: that needs no room on the disk, and the mail must not be sent again. Version 1 had neither number nor marks.
 */
record KeptNote(Mail mail, int crc) {

    private static final byte[] KEPT = "PHKEPT".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] OVER = "PHOVER".getBytes(StandardCharsets.US_ASCII);
    private static final short VERSION = 2;
    private static final int HEAD = 12;
    private static final byte[] DONE = "DONE".getBytes(StandardCharsets.US_ASCII);
    private static final UUID NO_BOOT = new UUID(0, 0);

    /** Of a file; empty when there is none or it makes no sense. */
    static Optional<KeptNote> read(Path path) throws IOException {
        return Written.read(path).map(Written::now);
    }

    private KeptNote with(List<Recipient> recipients) {
        Envelope envelope = mail.envelope().with(recipients);
        return new KeptNote(
                new Mail(mail.id(), mail.arrived(), mail.origin(), envelope, mail.message(), mail.junk()), crc);
    }

    /**
     * A note as it lies there.
     *
     * @param first as it was written
     * @param marks where they begin
     */
    private record Written(KeptNote first, byte[] octets, int marks) {

        static Optional<Written> read(Path path) throws IOException {
            if (Files.notExists(path) || Files.size(path) > Frame.LONGEST) return Optional.empty();
            byte[] octets = Files.readAllBytes(path);
            if (octets.length < HEAD + Integer.BYTES) return Optional.empty();
            ByteBuffer head = ByteBuffer.wrap(octets);
            int version = head.getShort(KEPT.length);
            int from = version == 1 ? HEAD : HEAD + Integer.BYTES;
            long marks = octets.length - (version == 1 ? 0L : (long) DONE.length * head.getInt(HEAD));
            if (version < 1 || version > VERSION || marks < from || marks > octets.length) return Optional.empty();
            boolean known = begins(octets, KEPT) || begins(octets, OVER);
            if (!known || head.getInt(HEAD - Integer.BYTES) != Frame.crc(octets, HEAD, (int) marks - HEAD))
                return Optional.empty();
            DataInputStream in = RecordForm.in(octets, from, (int) marks - from);
            Mail mail = MailForm.read(in, StoredMessage.of("")).mail();
            return Optional.of(new Written(new KeptNote(mail, in.readInt()), octets, (int) marks));
        }

        private static boolean begins(byte[] octets, byte[] word) {
            return Arrays.equals(octets, 0, word.length, word, 0, word.length);
        }

        KeptNote now() {
            if (begins(octets, OVER)) return first.with(List.of());
            List<Recipient> all = first.mail.envelope().recipients();
            List<Recipient> open = new ArrayList<>();
            for (int place = 0; place < all.size(); place++) if (!done(place)) open.add(all.get(place));
            return open.size() == all.size() ? first : first.with(open);
        }

        private int mark(int place) {
            return marks + place * DONE.length;
        }

        private boolean done(int place) {
            int from = mark(place);
            return from < octets.length && Arrays.equals(octets, from, from + DONE.length, DONE, 0, DONE.length);
        }

        /** Who is to be marked so that it says the same as that note; empty when marks do not suffice. */
        Optional<List<Integer>> missing(KeptNote other) throws IOException {
            List<Recipient> all = first.mail.envelope().recipients();
            byte[] same = other.with(all).octets();
            if (same.length != octets.length || !Arrays.equals(octets, 0, marks, same, 0, marks))
                return Optional.empty();
            Deque<Recipient> open = new ArrayDeque<>(other.mail.envelope().recipients());
            List<Integer> missing = new ArrayList<>();
            for (int place = 0; place < all.size(); place++) {
                if (done(place)) continue;
                if (all.get(place).equals(open.peek())) open.remove();
                else missing.add(place);
            }
            return open.isEmpty() ? Optional.of(missing) : Optional.empty();
        }
    }

    /** Whether nobody waits any more. */
    boolean over() {
        return mail.envelope().recipients().isEmpty();
    }

    /** Says so in a note, if there is one; forced when this returns. */
    static void nobodyWaits(Path path) throws IOException {
        if (Files.exists(path)) overwrite(path, OVER, List.of(0));
    }

    private static void overwrite(Path path, byte[] word, List<Integer> places) throws IOException {
        try (FileChannel note = FileChannel.open(path, StandardOpenOption.WRITE)) {
            for (int place : places) {
                ByteBuffer rest = ByteBuffer.wrap(word);
                while (rest.hasRemaining()) note.write(rest, place + rest.position());
            }
            note.force(false);
        }
    }

    private byte[] octets() throws IOException {
        ByteArrayOutputStream rest = new ByteArrayOutputStream(512);
        DataOutputStream out = new DataOutputStream(rest);
        int recipients = mail.envelope().recipients().size();
        out.writeInt(recipients);
        out.write(MailForm.write(mail, NO_BOOT, 0));
        out.writeInt(crc);
        byte[] body = rest.toByteArray();
        ByteBuffer all = ByteBuffer.allocate(HEAD + body.length + recipients * DONE.length);
        all.put(KEPT).putShort(VERSION).putInt(Frame.crc(body, 0, body.length)).put(body);
        return all.array();
    }

    /**
     * Puts it there, forced, unless the same stands there; its name is forced with the folder. Where fewer wait than stand there, they are marked in it.
     *
     * @return whether it was written anew
     */
    boolean write(Path path) throws IOException {
        Optional<Written> before = Written.read(path);
        Optional<List<Integer>> missing = before.isPresent() ? before.get().missing(this) : Optional.empty();
        if (missing.isPresent()) {
            List<Integer> places =
                    missing.get().stream().map(before.get()::mark).toList();
            if (!places.isEmpty()) overwrite(path, DONE, places);
            return false;
        }
        Path unfinished = path.resolveSibling(path.getFileName() + KeptFiles.UNFINISHED);
        try (FileChannel to = FileChannel.open(
                unfinished,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
            ByteBuffer rest = ByteBuffer.wrap(octets());
            while (rest.hasRemaining()) to.write(rest);
            to.force(false);
        }
        Files.move(unfinished, path, StandardCopyOption.ATOMIC_MOVE);
        return true;
    }
}
