package org.posthorn.api.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Envelope;
import org.posthorn.api.mail.FutureRelease;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.MailParameters;
import org.posthorn.api.mail.Notify;
import org.posthorn.api.mail.Origin;
import org.posthorn.api.mail.Recipient;

class QueuedMailTextTest {

    @Test
    void what_is_written_is_read_back() throws IOException {
        assertThat(QueuedMailText.read(QueuedMailText.write(full()))).isEqualTo(full());
        QueuedMail bare = bare();
        assertThat(QueuedMailText.read(QueuedMailText.write(bare))).isEqualTo(bare);
    }

    @Test
    void a_text_of_a_version_that_knew_no_release_is_read() throws IOException {
        String older = QueuedMailText.write(full()).replace("\t=2026-02-01T08:00:00Z\t=for;86400\n", "\n");
        assertThat(older).doesNotContain("for;");
        QueuedMail read = QueuedMailText.read(older);
        assertThat(read.envelope().parameters().release()).isEmpty();
        assertThat(read.envelope().recipients()).isEqualTo(full().envelope().recipients());
        assertThat(read.next()).isEqualTo(full().next());
    }

    @Test
    void a_text_cut_short_anywhere_is_damaged() throws IOException {
        String text = QueuedMailText.write(full());
        for (int end = 0; end < text.length() - 1; end++) {
            String cut = text.substring(0, end);
            assertThatThrownBy(() -> QueuedMailText.read(cut)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void mutated_text_is_read_or_damaged_but_nothing_else() {
        Random random = new Random(3464);
        String text = QueuedMailText.write(full());
        int damaged = 0;
        for (int i = 0; i < 5_000; i++) {
            StringBuilder mutant = new StringBuilder(text);
            for (int n = random.nextInt(3); n >= 0; n--)
                mutant.setCharAt(random.nextInt(mutant.length()), (char) random.nextInt(300));
            try {
                QueuedMailText.read(mutant.toString());
            } catch (IOException e) {
                damaged++;
            }
        }
        assertThat(damaged).isGreaterThan(1_000);
    }

    private static QueuedMail bare() {
        Envelope envelope = new Envelope(Optional.empty(), MailParameters.NONE, List.of());
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        return new QueuedMail(MailId.of(1), now, Origin.local("mx"), envelope, List.of(), 0, false, now, false, false);
    }

    private static QueuedMail full() {
        Origin origin = new Origin(
                "ESMTPSA",
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 4711),
                "a\tb\\c\r\nd\0",
                Optional.of(Address.of("alice@example.test")),
                Optional.of("TLSv1.3 TLS_AES_256_GCM_SHA384"),
                "mx.example.test",
                "submission");
        MailParameters with = new MailParameters(
                true,
                true,
                Optional.of("HDRS"),
                Optional.of("QQ+3D1"),
                Optional.of(new FutureRelease(Instant.parse("2026-02-01T08:00:00Z"), "for;86400")));
        Recipient bob = new Recipient(
                Address.of("\"b o b\"@example.org"),
                Set.of(Notify.FAILURE, Notify.DELAY),
                Optional.of("rfc822;sales@example.org"));
        Envelope envelope = new Envelope(
                Optional.of(Address.of("alice@example.test")),
                with,
                List.of(bob, new Recipient(Address.of("jörg@müller.example"))));
        return new QueuedMail(
                MailId.of(77),
                Instant.parse("2026-01-01T00:00:00.123456Z"),
                origin,
                envelope,
                List.of(
                        new QueuedMail.Attempts(true, 3, "mx.example.org", "451 4.7.1 later\tplease"),
                        new QueuedMail.Attempts(false, 0, "", "")),
                4096,
                true,
                Instant.parse("2026-01-01T00:05:00Z"),
                true,
                true);
    }
}
