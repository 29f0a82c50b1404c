package org.posthorn.spool;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.posthorn.mime.HeaderBlock;
import org.posthorn.mime.StoredMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a record lies that is damaged, its frame in front, and where the next one begins. It is read when it is asked, and nothing of it is held.
 *
 * @param files the folder of large mail
 */
record Hurt(Path segment, long frame, long next, Path files) {

    private static final Logger log = LoggerFactory.getLogger(Hurt.class);
    /** The kind, and the length of what describes a mail. */
    private static final int BEFORE = 5;

    /** The mail that it is; empty when it is none, or one that cannot be made out, or a large one whose file is gone. */
    Optional<Remains> mail() throws IOException {
        long start = frame + Frame.HEAD;
        if (next - start < BEFORE) return Optional.empty();
        try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.READ)) {
            ByteBuffer begin = ByteBuffer.allocate(BEFORE);
            SliceStream.readFully(channel, begin, start);
            int length = begin.getInt(1);
            long content = start + BEFORE + length;
            if (begin.get(0) != RecordForm.MAIL || length <= 0 || length > Frame.LONGEST || content > next)
                return Optional.empty();
            ByteBuffer form = ByteBuffer.allocate(length);
            SliceStream.readFully(channel, form, start + BEFORE);
            Slice octets = Slice.of(new Place(segment, content), Math.min(next, start + Frame.LONGEST) - content);
            return described(form.array()).flatMap(d -> remains(d, octets));
        }
    }

    /** Whether a mail is a large one its file tells, for the size in the record may be what was hit. */
    private Optional<Remains> remains(MailForm.Described described, Slice here) {
        Path file = files.resolve(described.mail().id().text());
        if (Files.exists(file)) return Optional.of(new Remains(described.mail(), () -> large(here, file)));
        if (described.largeSize() != 0) return Optional.empty();
        return Optional.of(new Remains(described.mail(), here::open));
    }

    /** Of a large mail only fields of ours stand in the record; lines there that are none are damage. */
    private static InputStream large(Slice here, Path file) throws IOException {
        try (InputStream front = here.open()) {
            Slice octets = Slice.of(new Place(file, 0), Files.size(file));
            return StoredMessage.of(octets).withTrace(HeaderBlock.read(front)).open();
        }
    }

    private static Optional<MailForm.Described> described(byte[] form) {
        try {
            DataInputStream in = RecordForm.in(form, 0, form.length);
            return Optional.of(MailForm.read(in, StoredMessage.of("")));
        } catch (IOException | IllegalArgumentException unreadable) {
            log.debug("A damaged record cannot be made out: {}", unreadable.toString());
            return Optional.empty();
        }
    }
}
