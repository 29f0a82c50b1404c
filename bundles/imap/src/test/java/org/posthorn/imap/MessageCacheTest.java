package org.posthorn.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.WritableByteChannel;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.posthorn.api.mail.Address;
import org.posthorn.mime.Octets;
import org.posthorn.mime.StoredMessage;

class MessageCacheTest {

    private int reads;

    private StoredMessage message(String text) {
        byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        return StoredMessage.of(new Octets() {
            @Override
            public long size() {
                return bytes.length;
            }

            @Override
            public InputStream open() {
                reads++;
                return new ByteArrayInputStream(bytes);
            }

            @Override
            public long transferTo(long position, long count, WritableByteChannel to) {
                throw new UnsupportedOperationException();
            }
        });
    }

    private static MessageCache.Key key(long uid) {
        return new MessageCache.Key(Address.of("a@b"), "INBOX", 1, uid);
    }

    @Test
    void message_is_read_once() throws IOException {
        MessageCache cache = new MessageCache(100_000);
        for (int i = 0; i < 3; i++)
            assertThat(cache.structure(key(1), () -> message("A: b\r\n\r\nc")).octets())
                    .isOne();
        assertThat(reads).isOne();
        for (int i = 0; i < 3; i++)
            assertThat(cache.envelope(key(1), Dialect.REV1, () -> message("Subject: b\r\n\r\nc")))
                    .startsWith("(NIL \"b\"");
        assertThat(reads).isEqualTo(2);
        cache.structure(key(2), () -> message(""));
        assertThat(reads).isEqualTo(3);
    }

    @Test
    void what_a_client_calls_fields_weighs_as_well() throws IOException {
        MessageCache cache = new MessageCache(1_000_000);
        int[] picked = new int[1];
        for (int round = 0; round < 2; round++)
            for (int i = 0; i < 100; i++)
                cache.fields(key(1), "HEADER.FIELDS (" + "x".repeat(60_000) + i + ")", () -> {
                    picked[0]++;
                    return "\r\n";
                });
        assertThat(picked[0]).isEqualTo(200);
    }

    @Test
    void fields_are_picked_once_for_each_section() throws IOException {
        MessageCache cache = new MessageCache(100_000);
        for (int i = 0; i < 3; i++)
            for (String section : List.of("BODY[HEADER.FIELDS (A)]", "BODY[HEADER.FIELDS.NOT (A)]"))
                assertThat(cache.fields(
                                key(1),
                                section,
                                () -> section + message("A: b\r\n\r\nc").header()))
                        .startsWith(section);
        assertThat(reads).isEqualTo(2);
    }

    @Test
    void first_nul_is_looked_for_once_in_each_part() throws IOException {
        MessageCache cache = new MessageCache(100_000);
        Octets text = Octets.of(message("abc"), 0, 3);
        Octets binary = Octets.of(message("ab\0\0"), 1, 3);
        for (int i = 0; i < 3; i++) {
            assertThat(cache.firstNul(key(1), MessageCache.WHOLE, text)).isEmpty();
            assertThat(cache.firstNul(key(1), 0, binary)).hasValue(1);
        }
        assertThat(reads).isEqualTo(2);
    }

    @Test
    void those_asked_for_longest_ago_make_room() throws IOException {
        MessageCache cache = new MessageCache(20_000);
        for (int uid = 1; uid <= 1000; uid++) cache.structure(key(uid), () -> message("Subject: b\r\n\r\nc"));
        reads = 0;
        cache.structure(key(1000), () -> message(""));
        assertThat(reads).isZero();
        cache.structure(key(1), () -> message(""));
        assertThat(reads).isOne();
    }

    @Test
    void what_is_asked_for_alone_has_all_the_room() throws IOException {
        MessageCache cache = new MessageCache(100_000);
        for (int round = 0; round < 2; round++)
            for (int uid = 1; uid <= 300; uid++)
                cache.envelope(key(uid), Dialect.REV1, () -> message("Subject: b\r\n\r\nc"));
        assertThat(reads).isEqualTo(300);
    }

    @Test
    void huge_structure_is_not_kept() throws IOException {
        MessageCache cache = new MessageCache(20_000);
        cache.structure(key(1), () -> message("Subject: b\r\n\r\nc"));
        String huge = "Content-Type: multipart/mixed; boundary=a\r\n\r\n" + "--a\r\n\r\n".repeat(1000);
        for (int i = 0; i < 2; i++) cache.structure(key(2), () -> message(huge));
        assertThat(reads).isEqualTo(3);
        cache.structure(key(1), () -> message(""));
        assertThat(reads).isEqualTo(3);
    }
}
