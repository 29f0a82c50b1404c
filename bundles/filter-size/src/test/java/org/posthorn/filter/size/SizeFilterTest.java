package org.posthorn.filter.size;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.Annotation;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.posthorn.api.filter.Verdict;
import org.posthorn.api.mail.Envelope;
import org.posthorn.api.mail.HeaderField;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.MailParameters;
import org.posthorn.api.mail.Message;
import org.posthorn.api.mail.Origin;

class SizeFilterTest {

    private static final int MEBI = 1024 * 1024;

    private final SizeFilter filter = new SizeFilter();

    SizeFilterTest() {
        filter.limits(limits(1, 4));
    }

    private static SizeFilter.Config limits(int max, int maxHeader) {
        return new SizeFilter.Config() {
            @Override
            public int max() {
                return max;
            }

            @Override
            public int maxHeader() {
                return maxHeader;
            }

            @Override
            public Class<? extends Annotation> annotationType() {
                return SizeFilter.Config.class;
            }
        };
    }

    private String verdict(String octets) throws IOException {
        Verdict verdict = filter.message(mail(octets.getBytes(StandardCharsets.ISO_8859_1)));
        return verdict instanceof Verdict.Refuse refuse
                ? refuse.reply().toString()
                : verdict == Verdict.PASS ? "pass" : "";
    }

    private static Mail mail(byte[] octets) {
        Message message = new Message() {
            @Override
            public long size() {
                return octets.length;
            }

            @Override
            public List<HeaderField> header() {
                throw new AssertionError("not needed");
            }

            @Override
            public InputStream open() {
                return new ByteArrayInputStream(octets);
            }

            @Override
            public long transferTo(long position, long count, WritableByteChannel to) {
                throw new AssertionError("not needed");
            }

            @Override
            public Message withTrace(List<HeaderField> fields) {
                throw new AssertionError("not needed");
            }
        };
        Envelope envelope = new Envelope(Optional.empty(), MailParameters.NONE, List.of());
        return new Mail(MailId.next(), Instant.EPOCH, Origin.local("here.test"), envelope, message, false);
    }

    @Test
    void mail_up_to_the_limit_passes_and_one_octet_more_does_not() throws IOException {
        String head = "Subject: x\r\n\r\n";
        assertThat(verdict(head + "x".repeat(MEBI - head.length()))).isEqualTo("pass");
        assertThat(verdict(head + "x".repeat(MEBI - head.length() + 1)))
                .isEqualTo("552 5.3.4 The mail is larger than 1048576 octets");
    }

    @Test
    void a_header_up_to_the_limit_passes_and_one_octet_more_does_not() throws IOException {
        String body = "\r\n".repeat(10) + "y".repeat(9000);
        assertThat(verdict("x".repeat(4096 - 4) + "\r\n\r\n" + body)).isEqualTo("pass");
        assertThat(verdict("x".repeat(4096 - 3) + "\r\n\r\n" + body))
                .isEqualTo("552 5.3.4 The header is larger than 4096 octets");
        assertThat(verdict("x".repeat(4097))).startsWith("552");
        assertThat(verdict("x".repeat(4096))).isEqualTo("pass");
    }

    @Test
    void other_limits_count_at_once() throws IOException {
        String mail = "Subject: x\r\n\r\n" + "x".repeat(MEBI);
        assertThat(verdict(mail)).startsWith("552");
        filter.limits(limits(2, 4));
        assertThat(verdict(mail)).isEqualTo("pass");
    }
}
