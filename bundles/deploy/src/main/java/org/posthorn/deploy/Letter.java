package org.posthorn.deploy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.posthorn.api.mail.HeaderField;
import org.posthorn.api.mail.Message;

/** A message that is made up, to be judged. */
record Letter(List<HeaderField> header, String body) implements Message {

    Letter() {
        this(
                List.of(new HeaderField("From", " nobody@trial.invalid"), new HeaderField("Subject", " A trial")),
                "-\r\n");
    }

    private byte[] octets() {
        String fields =
                header.stream().map(f -> f.name() + ":" + f.value() + "\r\n").collect(Collectors.joining());
        return (fields + "\r\n" + body).getBytes(StandardCharsets.ISO_8859_1);
    }

    @Override
    public long size() {
        return octets().length;
    }

    @Override
    public InputStream open() {
        return new ByteArrayInputStream(octets());
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel to) throws IOException {
        byte[] all = octets();
        int from = (int) Math.min(position, all.length);
        return to.write(ByteBuffer.wrap(all, from, (int) Math.min(count, all.length - from)));
    }

    @Override
    public Message withTrace(List<HeaderField> fields) {
        return new Letter(Stream.concat(fields.stream(), header.stream()).toList(), body);
    }
}
