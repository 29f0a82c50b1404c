package org.posthorn.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.posthorn.api.mail.HeaderField;
import org.posthorn.api.mail.Message;

class StoredMessageTest {

    private final Message plain = StoredMessage.of("Subject: a\r\n b\r\nnonsense\r\nX : y\r\n\r\nTo: body\r\n");

    @Test
    void header_fields_are_unfolded_and_what_is_none_is_left_out() throws IOException {
        assertThat(plain.header()).extracting(HeaderField::name).containsExactly("Subject", "X");
        assertThat(plain.header().get(0).unfolded()).isEqualTo("a b");
    }

    @Test
    void trace_fields_stand_in_front_of_header_stream_and_every_slice() throws IOException {
        Message traced = plain.withTrace(List.of(new HeaderField("Received", " x")))
                .withTrace(List.of(new HeaderField("A", " 1")));
        String whole = new String(traced.open().readAllBytes(), StandardCharsets.ISO_8859_1);
        assertThat(whole).startsWith("A: 1\r\nReceived: x\r\nSubject: a\r\n");
        assertThat(traced.size()).isEqualTo(whole.length());
        assertThat(traced.header()).extracting(HeaderField::name).startsWith("A", "Received", "Subject");
        for (int from = 0; from < whole.length(); from++)
            for (int count = 1; from + count <= whole.length(); count += 7)
                assertThat(slice(traced, from, count)).isEqualTo(whole.substring(from, from + count));
    }

    private static String slice(Message message, long from, long count) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        long done = 0;
        while (done < count) done += message.transferTo(from + done, count - done, Channels.newChannel(out));
        return out.toString(StandardCharsets.ISO_8859_1);
    }
}
