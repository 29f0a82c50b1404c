package org.posthorn.spool;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.WritableByteChannel;
import java.util.List;
import java.util.stream.Stream;
import org.posthorn.api.mail.HeaderField;
import org.posthorn.api.mail.Message;

/** A message whose octets nobody needs any more: what is still known of it. */
record GoneMessage(long size, List<HeaderField> header) implements Message {

    /** Its Message-ID, by which people ask for it, and how long it was. */
    static GoneMessage of(Message message) {
        return new GoneMessage(message.size(), messageId(message));
    }

    private static List<HeaderField> messageId(Message message) {
        try {
            return message.header().stream().filter(f -> f.is("Message-ID")).toList();
        } catch (IOException goneBefore) {
            return List.of();
        }
    }

    @Override
    public InputStream open() throws IOException {
        throw new IOException("its octets are gone");
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel to) throws IOException {
        throw new IOException("its octets are gone");
    }

    @Override
    public Message withTrace(List<HeaderField> fields) {
        long more = fields.stream().mapToLong(f -> f.toString().length()).sum();
        return new GoneMessage(
                size + more, Stream.concat(fields.stream(), header.stream()).toList());
    }
}
