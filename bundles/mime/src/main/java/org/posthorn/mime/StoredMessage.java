package org.posthorn.mime;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.posthorn.api.mail.HeaderField;
import org.posthorn.api.mail.Message;

/** A message of bytes at rest, with the fields that this server adds in front. */
public final class StoredMessage implements Message {

    private final List<HeaderField> trace;
    private final byte[] front;
    private final Octets rest;

    private StoredMessage(List<HeaderField> trace, Octets rest) {
        this.trace = List.copyOf(trace);
        StringBuilder text = new StringBuilder();
        trace.forEach(text::append);
        this.front = text.toString().getBytes(StandardCharsets.ISO_8859_1);
        this.rest = rest;
    }

    /** The message that these octets are. */
    public static StoredMessage of(Octets octets) {
        return new StoredMessage(List.of(), octets);
    }

    /** The message that this text is; its characters stand for octets. */
    public static StoredMessage of(String octets) {
        return of(Octets.of(octets.getBytes(StandardCharsets.ISO_8859_1)));
    }

    /** The fields put in front. */
    public List<HeaderField> trace() {
        return trace;
    }

    /** What lies behind the fields put in front. */
    public Octets octets() {
        return rest;
    }

    @Override
    public long size() {
        return front.length + rest.size();
    }

    @Override
    public List<HeaderField> header() throws IOException {
        List<HeaderField> all = new ArrayList<>(trace);
        try (InputStream in = rest.open()) {
            all.addAll(HeaderBlock.read(in));
        }
        return all;
    }

    @Override
    public InputStream open() throws IOException {
        return front.length == 0 ? rest.open() : new SequenceInputStream(new ByteArrayInputStream(front), rest.open());
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel to) throws IOException {
        if (position >= front.length) return rest.transferTo(position - front.length, count, to);
        int inFront = (int) Math.min(count, front.length - position);
        long written = to.write(ByteBuffer.wrap(front, (int) position, inFront));
        if (written < inFront || written == count) return written;
        return written + rest.transferTo(0, count - written, to);
    }

    @Override
    public Message withTrace(List<HeaderField> fields) {
        List<HeaderField> all = new ArrayList<>(fields);
        all.addAll(trace);
        return new StoredMessage(all, rest);
    }
}
