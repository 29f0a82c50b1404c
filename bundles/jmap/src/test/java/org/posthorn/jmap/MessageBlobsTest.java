package org.posthorn.jmap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.api.mailbox.Access;
import org.posthorn.api.mailbox.Account;
import org.posthorn.api.mailbox.Email;
import org.posthorn.api.mailbox.Emails;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.Listed;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.api.mailbox.MailboxStore;
import org.posthorn.mime.StoredMessage;

/** Messages and parts of them as blobs. */
class MessageBlobsTest {

    private static final String MAIL = """
            Subject: parts
            Content-Type: multipart/mixed; boundary=b

            --b

            plain
            --b
            Content-Type: text/plain
            Content-Transfer-Encoding: base64

            w6kK
            --b
            Content-Type: message/rfc822

            Subject: inner
            Content-Type: multipart/alternative; boundary=c

            --c

            one
            --c
            Content-Transfer-Encoding: quoted-printable

            tw=6F
            --c--
            --b--
            """.replace("\n", "\r\n");

    @TempDir
    Path folder;

    private final Map<String, Object> answers = new HashMap<>();

    private <T> T fake(Class<T> type) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> Optional.ofNullable(
                                answers.get(method.getName()))
                        .orElseThrow(() -> new UnsupportedOperationException(method.getName()))));
    }

    /** That message alone. */
    private static Emails emails(Entry entry) {
        Email email = new Email(entry.emailId(), 1, List.of(new Email.Place("INBOX", "F1", entry)));
        return (Emails) Proxy.newProxyInstance(
                Emails.class.getClassLoader(),
                new Class<?>[] {Emails.class},
                (proxy, method, arguments) ->
                        ((Set<?>) arguments[0]).contains(email.number()) ? List.of(email) : List.of());
    }

    private String read(String id) throws IOException, MethodFault {
        Entry entry = new Entry(7, Flags.NONE, 1, MAIL.length(), Instant.EPOCH, Instant.EPOCH, 0xabcL);
        answers.put("account", fake(Account.class));
        answers.put("emails", emails(entry));
        answers.put("access", Access.ofOwner(Talk.DEMO));
        answers.put("list", List.of(new Listed("INBOX", true, false, Optional.empty())));
        answers.put("mailbox", Optional.of(fake(Mailbox.class)));
        answers.put("message", Optional.of(StoredMessage.of(MAIL)));
        Talk talk = new Talk(folder);
        talk.services().stores().add(fake(MailboxStore.class), Map.of());
        try (Context context = new Context(Talk.DEMO, talk.services(), new HashMap<>())) {
            Optional<Blob> blob = context.blob(Talk.DEMO, id);
            if (blob.isEmpty()) return "none";
            try (InputStream in = blob.get().open()) {
                byte[] octets = in.readAllBytes();
                blob.get().size().ifPresent(size -> assertThat(size).isEqualTo(octets.length));
                return new String(octets, StandardCharsets.UTF_8);
            }
        }
    }

    @Test
    void a_message_is_its_octets() throws Exception {
        assertThat(read("M0000000000000abc")).isEqualTo(MAIL);
        assertThat(read("M0000000000000abd")).isEqualTo("none");
        assertThat(read("M0000000000000ABC")).isEqualTo("none");
    }

    @Test
    void a_part_is_numbered_as_by_imap_and_has_no_transfer_encoding() throws Exception {
        assertThat(read("M0000000000000abc-1")).isEqualTo("plain");
        assertThat(read("M0000000000000abc-2")).isEqualTo("é\n");
        assertThat(read("M0000000000000abc-3")).startsWith("Subject: inner\r\n").endsWith("--c--");
        assertThat(read("M0000000000000abc-3_1")).isEqualTo("one");
        assertThat(read("M0000000000000abc-3_2")).isEqualTo("two");
        for (String none : new String[] {"0", "4", "1_2", "3_3", "3_1_2", "99999"})
            assertThat(read("M0000000000000abc-" + none)).as(none).isEqualTo("none");
    }
}
