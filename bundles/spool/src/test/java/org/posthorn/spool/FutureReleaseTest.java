package org.posthorn.spool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.api.mail.FutureRelease;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.spool.Incoming;
import org.posthorn.mime.StoredMessage;

/** The time that a sender has set is as safe as the mail. */
class FutureReleaseTest {

    private static final FutureRelease RELEASE = new FutureRelease(Instant.parse("2027-01-01T00:00:00Z"), "for;86400");

    @TempDir
    Path root;

    private static Mail wished(Mail draft) {
        return new Mail(
                draft.id(),
                draft.arrived(),
                draft.origin(),
                draft.envelope().with(draft.envelope().parameters().with(RELEASE)),
                draft.message(),
                draft.junk());
    }

    @Test
    void it_is_there_after_a_start_and_beside_the_octets_that_wait() throws IOException {
        Mail mail;
        try (JournalSpool spool = Mails.open(root);
                Incoming incoming = spool.begin()) {
            mail = spool.commit(incoming, wished(Mails.draft(incoming.message(), "bob@a.test", "carol@a.test")));
        }
        try (JournalSpool spool = Mails.open(root)) {
            Mail found = spool.replay().get(0).mail();
            assertThat(found.envelope()).isEqualTo(mail.envelope());
            KeptFiles kept = new KeptFiles(root.resolve("deferred"));
            kept.keep(found);
            kept.keep(Mails.with(found, List.of(found.envelope().recipients().get(1))));
            Mail noted = kept.inspect(mail.id()).mail().orElseThrow();
            assertThat(noted.envelope().parameters().release()).contains(RELEASE);
            assertThat(noted.envelope().recipients()).hasSize(1);
            assertThat(kept.inspect(mail.id()).whole()).isTrue();
        }
    }

    /** What has none is written as it always was, and so is read as it always was. */
    @Test
    void the_form_without_one_is_that_of_older_versions() throws IOException {
        Mail draft = Mails.draft(StoredMessage.of(""), "bob@a.test");
        byte[] older = MailForm.write(draft, new UUID(1, 2), 0);
        byte[] with = MailForm.write(wished(draft), new UUID(1, 2), 0);
        assertThat(with.length - older.length)
                .isEqualTo(8 + 4 + RELEASE.request().length());
        Mail read = MailForm.read(new DataInputStream(new ByteArrayInputStream(older)), StoredMessage.of(""))
                .mail();
        assertThat(read.envelope()).isEqualTo(draft.envelope());
        assertThat(read.envelope().parameters().body8bit()).isTrue();
    }
}
