package org.posthorn.mailbox.mbox;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Instant;
import org.posthorn.api.mail.HeaderField;
import org.posthorn.api.mail.Message;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.Staged;

/**
 * A message as an mbox will have it: behind its From line, lines ended by LF, quoted, without fields that an mbox keeps for itself. A large one
 * lies in a file of its own until it is placed.
 */
final class StagedMessage implements Staged {

    private static final String PREFIX = ".staged-";
    private static final int LARGE = 256 * 1024;
    private static final byte[] SIGN = {'>'};
    private static final byte[] LF = {'\n'};

    private final MboxFolder folder;
    private final Path directory;
    private final MessageDigest digest = Parser.digest();
    private final ByteArrayOutputStream memory = new ByteArrayOutputStream(4096);
    private OutputStream out = memory;
    private Path file;
    private FileChannel channel;
    private long length;
    private long headerEnd = -1;
    private long size;
    private String field = "";
    private byte last;
    private boolean lineDone = true;
    private byte[] hash;

    private StagedMessage(MboxFolder folder, Path directory) {
        this.folder = folder;
        this.directory = directory;
    }

    static StagedMessage of(MboxFolder folder, Path directory, Message message, Instant date) throws IOException {
        StagedMessage staged = new StagedMessage(folder, directory);
        try (InputStream in = message.open()) {
            staged.fromLine(FromLine.of(sender(message), date));
            Lines.read(in::read, 0, staged::piece);
            staged.end();
            return staged;
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            staged.close();
            throw e;
        }
    }

    /** The envelope sender, which delivery wrote down in front. */
    private static String sender(Message message) throws IOException {
        for (HeaderField field : message.header())
            if (field.is("Return-Path")) return field.unfolded().replaceAll("[<>]", "");
        return "";
    }

    private void fromLine(String line) throws IOException {
        byte[] bytes = line.getBytes(StandardCharsets.US_ASCII);
        Parser.hash(digest, bytes, 0, bytes.length, true);
        put(bytes, 0, bytes.length);
    }

    private void piece(Lines.Piece piece) throws IOException {
        boolean header = headerEnd < 0;
        if (header && (piece.empty() || piece.almostEmpty())) {
            headerEnd = length;
            header = false;
        }
        if (header && piece.begins && !piece.folded()) field = Fields.name(piece.bytes, piece.from, piece.length);
        if (header && Fields.own(field)) return;
        size += piece.length + (piece.bare() ? 1 : 0);
        line(piece, header && !Fields.fickle(field));
    }

    private void line(Lines.Piece piece, boolean hashed) throws IOException {
        boolean sign = piece.begins
                && (FromLine.begins(piece.bytes, piece.from, piece.length)
                        || FromLine.quoted(piece.bytes, piece.from, piece.length));
        if (sign) put(SIGN, 0, 1);
        if (hashed) hash(piece, sign);
        int end = piece.from + piece.length;
        boolean crlf = piece.ends && piece.length > 1 && piece.bytes[end - 2] == '\r';
        // CR CR LF stays, or a reader would lose a CR.
        boolean shorter = crlf && !(piece.length > 2 && piece.bytes[end - 3] == '\r');
        put(piece.bytes, piece.from, piece.length - (shorter ? 2 : 0));
        if (shorter) put(LF, 0, 1);
        lineDone = piece.ends;
        last = piece.bytes[end - 1];
    }

    /** As the parser will: with its sign of quoting. */
    private void hash(Lines.Piece piece, boolean sign) {
        if (sign) Parser.hash(digest, SIGN, 0, 1, true);
        Parser.hash(digest, piece.bytes, piece.from, piece.length, piece.begins && !sign);
    }

    /** A message in an mbox ends with its line, and has an empty line behind its header. */
    private void end() throws IOException {
        if (!lineDone) {
            put(LF, 0, 1);
            // With it, a CR that stands last is the line's end.
            size += last == '\r' ? 1 : 2;
        }
        if (headerEnd < 0) {
            headerEnd = length;
            put(LF, 0, 1);
            size += 2;
        }
        put(LF, 0, 1);
        out.flush();
        hash = digest.digest();
    }

    private void put(byte[] bytes, int from, int n) throws IOException {
        if (channel == null && length + n > LARGE) spill();
        out.write(bytes, from, n);
        length += n;
    }

    private void spill() throws IOException {
        Files.createDirectories(directory);
        file = Files.createTempFile(directory, PREFIX, "");
        channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        out = new java.io.BufferedOutputStream(Channels.newOutputStream(channel), 64 * 1024);
        memory.writeTo(out);
        memory.reset();
    }

    /** Deletes what a crash left behind. */
    static void sweep(Path directory) throws IOException {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(directory, PREFIX + "*")) {
            for (Path path : left) Files.deleteIfExists(path);
        }
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public String key(long uid) {
        return Parser.name(uid, hash);
    }

    @Override
    public void place(long uidValidity, long uid, Flags flags) throws IOException {
        folder.append(this, uidValidity, uid, flags);
    }

    /** Writes it at that place, with those fields at the end of its header. */
    void writeTo(Mbox mbox, long at, String fields) throws IOException {
        byte[] own = fields.getBytes(StandardCharsets.UTF_8);
        if (channel == null) {
            byte[] bytes = memory.toByteArray();
            ByteBuffer all = ByteBuffer.allocate(bytes.length + own.length);
            all.put(bytes, 0, (int) headerEnd).put(own).put(bytes, (int) headerEnd, bytes.length - (int) headerEnd);
            mbox.write(at, all.flip());
            return;
        }
        copy(0, headerEnd, mbox.channel(), at);
        mbox.write(at + headerEnd, ByteBuffer.wrap(own));
        copy(headerEnd, length, mbox.channel(), at + headerEnd + own.length);
    }

    private void copy(long from, long behind, FileChannel to, long at) throws IOException {
        channel.position(from);
        for (long done = from; done < behind; ) {
            long n = to.transferFrom(channel, at + done - from, behind - done);
            if (n <= 0) throw new IOException("The staged message ended before its size");
            done += n;
        }
    }

    @Override
    public void close() throws IOException {
        if (channel != null) channel.close();
        if (file != null) Files.deleteIfExists(file);
    }
}
