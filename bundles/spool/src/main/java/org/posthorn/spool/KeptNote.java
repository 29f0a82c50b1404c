package org.posthorn.spool;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.posthorn.api.mail.Envelope;
import org.posthorn.api.mail.Mail;
import org.posthorn.mime.StoredMessage;

/**
 * What stands beside the octets of a mail that waits, in case that the queue's store is lost: who waits, and the check sum of the octets. The file
 * is {@code PHKEPT} and the version, the CRC32C of the rest, and the rest: a {@link MailForm} and the check sum of the octets. When nobody waits any more
 * {@code PHOVER} stands in front instead, written in its place: that needs no room on the disk, and the mail must not be sent again.
 */
record KeptNote(Mail mail, int crc) {

    private static final long MAGIC = 0x50484B4550540001L;
    private static final long OVER = 0x50484F5645520001L;
    private static final UUID NO_BOOT = new UUID(0, 0);

    /** Of a file; empty when there is none or it makes no sense. */
    static Optional<KeptNote> read(Path path) throws IOException {
        if (Files.notExists(path) || Files.size(path) > Frame.LONGEST) return Optional.empty();
        byte[] octets = Files.readAllBytes(path);
        if (octets.length < 16) return Optional.empty();
        ByteBuffer head = ByteBuffer.wrap(octets);
        long magic = head.getLong();
        if (magic != MAGIC && magic != OVER || head.getInt() != Frame.crc(octets, 12, octets.length - 12))
            return Optional.empty();
        DataInputStream in = RecordForm.in(octets, 12, octets.length - 12);
        Mail mail = MailForm.read(in, StoredMessage.of("")).mail();
        return Optional.of(new KeptNote(magic == OVER ? forNobody(mail) : mail, in.readInt()));
    }

    private static Mail forNobody(Mail mail) {
        Envelope nobody = mail.envelope().with(List.of());
        return new Mail(mail.id(), mail.arrived(), mail.origin(), nobody, mail.message(), mail.junk());
    }

    /** Whether nobody waits any more. */
    boolean over() {
        return mail.envelope().recipients().isEmpty();
    }

    /** Says so in a note, if there is one; forced when this returns. */
    static void nobodyWaits(Path path) throws IOException {
        if (Files.notExists(path)) return;
        try (FileChannel note = FileChannel.open(path, StandardOpenOption.WRITE)) {
            ByteBuffer magic = ByteBuffer.allocate(8).putLong(OVER).flip();
            while (magic.hasRemaining()) note.write(magic, magic.position());
            note.force(false);
        }
    }

    private byte[] octets() throws IOException {
        ByteArrayOutputStream rest = new ByteArrayOutputStream(512);
        DataOutputStream out = new DataOutputStream(rest);
        out.write(MailForm.write(mail, NO_BOOT, 0));
        out.writeInt(crc);
        byte[] body = rest.toByteArray();
        ByteBuffer all = ByteBuffer.allocate(12 + body.length).putLong(MAGIC);
        return all.putInt(Frame.crc(body, 0, body.length)).put(body).array();
    }

    /** Puts it there, forced, unless the same stands there; its name is forced with the folder. @return whether it was written */
    boolean write(Path path) throws IOException {
        byte[] octets = octets();
        if (Files.exists(path) && Arrays.equals(Files.readAllBytes(path), octets)) return false;
        Path unfinished = path.resolveSibling(path.getFileName() + KeptFiles.UNFINISHED);
        try (FileChannel to = FileChannel.open(
                unfinished,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
            ByteBuffer rest = ByteBuffer.wrap(octets);
            while (rest.hasRemaining()) to.write(rest);
            to.force(false);
        }
        Files.move(unfinished, path, StandardCopyOption.ATOMIC_MOVE);
        return true;
    }
}
