package org.posthorn.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.MessageUrls.Result;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.testkit.MemoryLine;
import org.posthorn.testkit.Script;

/** What submission is given for URLs, RFC 4468. */
class SubmittedUrlsTest {

    private static final String ALICE = "alice@example.org";
    private static final String INBOX = "imap://fred@example.org/INBOX/;uid=1";
    private static final String MESSAGE = "Subject: a\r\n\r\ntext\r\n";

    private final Server server = new Server();
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private MemoryLine fred;

    @BeforeEach
    void message() throws IOException {
        server.fred().deliver(MESSAGE);
        fred = server.login();
    }

    private String authorized(String rump) throws IOException {
        Script script =
                Script.of("C: g GENURLAUTH \"" + rump + "\" INTERNAL\nS: * GENURLAUTH \"{url}\"\nS: g OK {*}\n");
        script.run(fred);
        return script.known("url");
    }

    private Result submit(String url, String user) throws IOException {
        return submit(url, user, 1000);
    }

    private Result submit(String url, String user, long most) throws IOException {
        written.reset();
        return server.protocol.submit(url, Address.of(user), most, bytes -> {
            byte[] octets = new byte[bytes.remaining()];
            bytes.get(octets);
            written.write(octets);
        });
    }

    private void gives(String url, String user, String octets) throws IOException {
        assertThat(submit(url, user)).isEqualTo(Result.WRITTEN);
        assertThat(written.toString(StandardCharsets.ISO_8859_1)).isEqualTo(octets);
    }

    private void is(Result result, String url, String user) throws IOException {
        assertThat(submit(url, user)).isEqualTo(result);
        assertThat(written.size()).isZero();
    }

    @Test
    void message_or_part_is_written_as_it_lies_there() throws IOException {
        gives(authorized(INBOX + ";urlauth=submit+fred"), Server.FRED, MESSAGE);
        gives(authorized(INBOX + "/;section=TEXT;urlauth=submit+fred"), Server.FRED, "text\r\n");
        gives(authorized(INBOX + "/;section=1/;partial=1.2;urlauth=submit+fred"), Server.FRED, "ex");
        String large = "Subject: \0\r\n\r\n" + "x".repeat(150_000);
        server.fred().deliver(large);
        String url = authorized(INBOX.replace("uid=1", "uid=2") + ";urlauth=submit+fred");
        assertThat(submit(url, Server.FRED, large.length())).isEqualTo(Result.WRITTEN);
        assertThat(written.toString(StandardCharsets.ISO_8859_1)).isEqualTo(large);
        assertThat(server.inbox().entries(UidSet.of(1)).get(0).flags().has(Flags.SEEN))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "submit+fred,WRITTEN,DENIED",
        "submit+FRED%40example.org,WRITTEN,DENIED",
        "submit+alice,DENIED,WRITTEN",
        "submit+alice%40elsewhere.example,DENIED,DENIED",
        "user+fred,DENIED,DENIED",
        "authuser,WRITTEN,WRITTEN",
        "anonymous,WRITTEN,WRITTEN"
    })
    void url_is_for_whom_it_says(String access, Result freds, Result alices) throws IOException {
        String url = authorized(INBOX + ";urlauth=" + access);
        assertThat(submit(url, "Fred@example.org")).isEqualTo(freds);
        assertThat(submit(url, ALICE)).isEqualTo(alices);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "imap://fred@example.org/INBOX/;uid=1;urlauth=submit+fred:xsample:01234567012345670123456701234567",
                "imap://fred@example.org/INBOX/;uid=1",
                "imap://fred@example.org/INBOX",
                "/INBOX/;uid=1;urlauth=submit+fred",
                "http://127.0.0.1/",
                "file:///etc/passwd",
                ""
            })
    void url_that_is_none_of_these_is_foreign(String url) throws IOException {
        is(Result.FOREIGN, url, Server.FRED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"alice@example.org", "nobody@example.org", "harry@elsewhere.example"})
    void whether_there_is_an_owner_is_not_told_and_asking_makes_none(String owner) throws IOException {
        server.store.of(ALICE);
        String url = "imap://" + owner + "/INBOX/;uid=1;urlauth=submit+fred%40example.org:internal:01" + "0".repeat(64);
        is(Result.DENIED, url, Server.FRED);
        assertThat(server.store.exists(Address.of(owner))).isEqualTo(owner.equals(ALICE));
    }

    @Test
    void url_that_is_not_valid_is_denied() throws IOException {
        String rump = INBOX + ";urlauth=submit+fred";
        is(Result.DENIED, rump, Server.FRED);
        is(Result.DENIED, rump + ":internal:01" + "0".repeat(64), Server.FRED);
        is(Result.DENIED, authorized(rump).replace("uid=1", "uid=2"), Server.FRED);
        is(Result.DENIED, authorized(INBOX + ";expire=2006-05-01T00:00:00Z;urlauth=submit+fred"), Server.FRED);
        String url = authorized(rump);
        server.fred().keys().renew("INBOX");
        is(Result.DENIED, url, Server.FRED);
        server.store.of(ALICE);
        is(Result.DENIED, url.replace("//fred@", "//alice@"), ALICE);
    }

    @Test
    void rights_are_those_of_the_owner_when_it_is_fetched() throws IOException {
        server.store.of(ALICE).box("INBOX").add(MESSAGE, Flags.NONE);
        server.store.of(ALICE).access().give("INBOX", Server.FRED, "lr");
        String url = authorized("imap://fred@example.org/Users/alice%40example.org/INBOX/;uid=1;urlauth=submit+fred");
        gives(url, Server.FRED, MESSAGE);
        server.store.of(ALICE).access().give("INBOX", Server.FRED, "l");
        is(Result.DENIED, url, Server.FRED);
    }

    @Test
    void what_is_not_there_is_missing() throws IOException {
        for (String end : new String[] {"/;section=7", "/;section=1/;partial=90.1"})
            is(Result.MISSING, authorized(INBOX + end + ";urlauth=submit+fred"), Server.FRED);
        String url = authorized(INBOX + ";urlauth=submit+fred");
        server.inbox().expunge(UidSet.of(1));
        is(Result.MISSING, url, Server.FRED);
    }

    @Test
    void nothing_is_written_of_what_is_too_large() throws IOException {
        String url = authorized(INBOX + ";urlauth=submit+fred");
        assertThat(submit(url, Server.FRED, MESSAGE.length() - 1)).isEqualTo(Result.TOO_LARGE);
        assertThat(written.size()).isZero();
        assertThat(submit(url, Server.FRED, MESSAGE.length())).isEqualTo(Result.WRITTEN);
    }

    @Test
    void mailboxes_that_are_away_are_told_and_a_sink_that_fails_is_not_hidden() throws IOException {
        String url = authorized(INBOX + ";urlauth=submit+fred");
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> server.protocol.submit(url, Address.of(Server.FRED), 1000, bytes -> {
                    throw new IOException("the disk is full");
                }));
        server.protocol.unbindStore(server.store);
        is(Result.AWAY, url, Server.FRED);
    }

    @Test
    void mailboxes_that_are_away_are_told_of_when_they_come() {
        assertThat(server.protocol.ready()).isCompleted();
        server.protocol.unbindStore(server.store);
        CompletionStage<Void> ready = server.protocol.ready();
        assertThat(ready).isNotCompleted();
        server.protocol.bindStore(server.store, Map.of());
        assertThat(ready).isCompleted();
    }
}
