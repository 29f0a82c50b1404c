package org.posthorn.jmap;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.Account;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.ObjectId;
import org.posthorn.api.mailbox.Rights;
import org.posthorn.mailbox.RealMailboxes;
import org.posthorn.mime.Octets;
import org.posthorn.mime.StoredMessage;

/** Accounts of others over HTTP, with real mailboxes: session, downloads, uploads and events (RFC 8620 2, 6 and 7). */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SharedAccountsTest {

    private static final Address ALICE = Address.of("alice@example.org");
    private static final String ID = Id.account(ALICE);
    private static final String WORK = "Users/" + ALICE + "/Work";
    private static final String MAIL = "urn:ietf:params:jmap:mail";
    private static final String EVENTS = "/jmap/eventsource?types=Email,Mailbox&closeafter=no&ping=0";

    private RealMailboxes mailboxes;
    private AskedStore asked;
    private WebServer server;

    @BeforeEach
    void begin(@TempDir Path folder) throws Exception {
        mailboxes = new RealMailboxes(folder.resolve("mail"), "public@example.org");
        asked = new AskedStore(mailboxes.store());
        server = new WebServer(folder, asked.store());
        mailboxes.store().account(ALICE).create("Work", Optional.empty());
        mailboxes.store().account(Talk.DEMO);
    }

    @AfterEach
    void end() throws Exception {
        server.close();
        mailboxes.close();
    }

    private void share(String name, String rights) throws IOException {
        Optional<Rights> given = rights.isEmpty() ? Optional.empty() : Rights.parse(rights);
        mailboxes.store().access(ALICE).change(name, Talk.DEMO.toString(), before -> given);
    }

    private String add(String name) throws IOException {
        StoredMessage message = StoredMessage.of(Octets.of("Subject: x\r\n\r\ny\r\n".getBytes(StandardCharsets.UTF_8)));
        Entry entry =
                mailboxes.store().account(ALICE).mailbox(name).orElseThrow().append(message, Flags.NONE, Instant.EPOCH);
        return ObjectId.email(entry.emailId());
    }

    private JsonNode session() throws Exception {
        return Talk.json(
                server.send(server.as("demo:secret", "/.well-known/jmap")).body());
    }

    @Test
    void the_session_tells_of_accounts_in_which_one_sees_something_and_its_state_changes_with_them() throws Exception {
        JsonNode alone = session();
        assertThat(alone.get("accounts").has(ID)).isFalse();
        share("Work", "lr");
        JsonNode reading = session();
        JsonNode account = reading.at("/accounts/" + ID);
        assertThat(account.get("name").textValue()).isEqualTo(ALICE.toString());
        assertThat(account.get("isPersonal").booleanValue()).isFalse();
        assertThat(account.get("isReadOnly").booleanValue()).isTrue();
        JsonNode offers = account.get("accountCapabilities");
        assertThat(offers.has(MAIL)).isTrue();
        assertThat(offers.at("/" + MAIL + "/mayCreateTopLevelMailbox").booleanValue())
                .isFalse();
        assertThat(offers.has("urn:example:things")).isFalse();
        assertThat(reading.at("/primaryAccounts/" + MAIL).textValue()).isEqualTo(Talk.ACCOUNT);
        share("Work", "lrs");
        JsonNode writing = session();
        assertThat(writing.at("/accounts/" + ID + "/isReadOnly").booleanValue()).isFalse();
        share("Work", "");
        assertThat(session()).isEqualTo(alone);
        assertThat(alone.get("state")).isNotEqualTo(reading.get("state"));
        assertThat(reading.get("state")).isNotEqualTo(writing.get("state"));
    }

    /** RFC 9670 1.4. */
    @Test
    void the_session_tells_of_accounts_in_which_one_is_subscribed_to_something_alone() throws Exception {
        share("Work", "lr");
        JsonNode subscribed = session();
        Account mine = mailboxes.store().account(Talk.DEMO);
        mine.unsubscribe(WORK);
        assertThat(session().get("accounts").has(ID)).isFalse();
        assertThat(session().get("state")).isNotEqualTo(subscribed.get("state"));
        assertThat(download(ID, add("Work")).statusCode()).isEqualTo(200);
        share("Work", "lrs");
        assertThat(session().get("accounts").has(ID)).isFalse();
        mine.subscribe(WORK);
        assertThat(session().get("accounts").has(ID)).isTrue();
        share("Work", "r");
        assertThat(session().get("accounts").has(ID)).isFalse();
    }

    @Test
    void what_anyone_is_given_is_there_for_who_subscribes_to_it() throws Exception {
        mailboxes.store().access(ALICE).change("Work", "anyone", before -> Rights.parse("lr"));
        mailboxes.store().account(Address.of("public@example.org")).create("News", Optional.empty());
        mailboxes
                .store()
                .access(Address.of("public@example.org"))
                .change("News", "anyone", before -> Rights.parse("lr"));
        assertThat(session().get("accounts")).hasSize(1);
        mailboxes.store().account(Talk.DEMO).subscribe("Public/News");
        mailboxes.store().account(Talk.DEMO).subscribe(WORK);
        assertThat(session().get("accounts").findValuesAsText("name"))
                .containsExactly(Talk.DEMO.toString(), ALICE.toString(), "Public");
    }

    @Test
    void of_what_one_is_not_subscribed_to_there_is_no_event() throws Exception {
        share("Work", "lr");
        mailboxes.store().account(ALICE).create("More", Optional.empty());
        share("More", "lr");
        Account mine = mailboxes.store().account(Talk.DEMO);
        mine.unsubscribe("Users/" + ALICE + "/More");
        Iterator<String> lines = listen();
        add("More");
        mine.create("Mine", Optional.empty());
        assertThat(heard(lines).has(Talk.ACCOUNT)).isTrue();
        add("Work");
        assertThat(heard(lines).has(ID)).isTrue();
        mine.unsubscribe(WORK);
        JsonNode changed = heard(lines);
        add("Work");
        mine.create("Mine too", Optional.empty());
        assertThat(changed.has(ID)).isFalse();
        assertThat(heard(lines).has(ID)).isFalse();
    }

    private HttpResponse<String> download(String account, String blob) throws Exception {
        return server.send(server.as("demo:secret", "/jmap/download/" + account + "/" + blob));
    }

    @Test
    void downloads_are_those_of_what_one_sees() throws Exception {
        share("Work", "lr");
        assertThat(download(ID, add("Work")).body()).isEqualTo("Subject: x\r\n\r\ny\r\n");
        HttpResponse<String> hidden = download(ID, add("INBOX"));
        HttpResponse<String> none = download(Id.account(Address.of("nobody@example.org")), "M0000000000000001");
        assertThat(hidden.statusCode()).isEqualTo(404);
        assertThat(none.statusCode()).isEqualTo(404);
        assertThat(hidden.body()).isEqualTo(none.body());
    }

    private HttpResponse<String> upload(String account) throws Exception {
        return server.send(server.as("demo:secret", "/jmap/upload/" + account + "/")
                .POST(HttpRequest.BodyPublishers.ofString("octets")));
    }

    @Test
    void one_uploads_for_accounts_that_one_finds() throws Exception {
        assertThat(upload(ID).statusCode()).isEqualTo(404);
        share("Work", "lri");
        JsonNode uploaded = Talk.json(upload(ID).body());
        assertThat(uploaded.get("accountId").textValue()).isEqualTo(ID);
        assertThat(download(ID, uploaded.get("blobId").textValue()).body()).isEqualTo("octets");
    }

    private Iterator<String> listen() throws Exception {
        Iterator<String> lines =
                server.stream(server.as("demo:secret", EVENTS)).body().iterator();
        assertThat(lines.next()).isEqualTo(": hello");
        return lines;
    }

    /** The accounts and types of the next event. */
    private static JsonNode heard(Iterator<String> lines) throws IOException {
        String line = lines.next();
        while (!line.startsWith("data: ")) line = lines.next();
        return Talk.json(line.substring("data: ".length())).get("changed");
    }

    @Test
    void events_tell_of_what_comes_to_mailboxes_that_one_reads() throws Exception {
        share("Work", "lr");
        Iterator<String> lines = listen();
        add("Work");
        JsonNode changed = heard(lines);
        assertThat(changed.has(Talk.ACCOUNT)).isFalse();
        assertThat(changed.at("/" + ID).has("Email")).isTrue();
        assertThat(changed.at("/" + ID).has("Mailbox")).isTrue();
    }

    @Test
    void events_tell_of_an_account_as_soon_as_something_in_it_is_shared_and_then_of_it() throws Exception {
        Iterator<String> lines = listen();
        share("Work", "lr");
        assertThat(heard(lines).has(ID)).isTrue();
        add("Work");
        assertThat(heard(lines).has(ID)).isTrue();
        mailboxes.store().account(Talk.DEMO).create("Mine", Optional.empty());
        assertThat(heard(lines).has(Talk.ACCOUNT)).isTrue();
    }

    @Test
    void what_others_share_is_told_by_their_lists_and_their_mailboxes_are_not_looked_at() throws Exception {
        share("Work", "lr");
        assertThat(session().get("accounts").has(ID)).isTrue();
        assertThat(asked.asked).noneMatch(asked -> asked.matches("(account|list|emails) " + ALICE));
        mailboxes.store().access(ALICE).change("Work", "anyone", before -> Rights.parse("lrw"));
        assertThat(session().at("/accounts/" + ID + "/isReadOnly").booleanValue())
                .isFalse();
        assertThat(asked.asked).noneMatch(asked -> asked.matches("(account|list|emails) " + ALICE));
    }

    @Test
    void of_what_happens_where_one_reads_nothing_there_is_no_event() throws Exception {
        share("Work", "lr");
        Iterator<String> lines = listen();
        add("INBOX");
        mailboxes.store().access(ALICE).change("INBOX", "carol@example.org", before -> Rights.parse("lr"));
        mailboxes.store().account(Talk.DEMO).create("Mine", Optional.empty());
        JsonNode changed = heard(lines);
        assertThat(changed.has(Talk.ACCOUNT)).isTrue();
        assertThat(changed.has(ID)).isFalse();
    }

    @Test
    void an_account_that_cannot_be_read_makes_nobody_deaf_to_his_own() throws Exception {
        share("Work", "lr");
        Iterator<String> lines = listen();
        asked.refused.add("emails " + ALICE);
        mailboxes.store().account(Talk.DEMO).create("Mine", Optional.empty());
        JsonNode changed = heard(lines);
        assertThat(changed.has(Talk.ACCOUNT)).isTrue();
        assertThat(changed.has(ID)).isFalse();
        asked.refused.clear();
        add("Work");
        assertThat(heard(lines).has(ID)).isTrue();
    }

    @Test
    void for_a_sign_of_one_account_no_other_is_looked_at() throws Exception {
        share("Work", "lr");
        Iterator<String> lines = listen();
        asked.asked.clear();
        StoredMessage message = StoredMessage.of(Octets.of("Subject: x\r\n\r\ny\r\n".getBytes(StandardCharsets.UTF_8)));
        mailboxes.store().account(Talk.DEMO).mailbox("INBOX").orElseThrow().append(message, Flags.NONE, Instant.EPOCH);
        assertThat(heard(lines).has(Talk.ACCOUNT)).isTrue();
        assertThat(asked.asked).noneMatch(asked -> asked.endsWith(" " + ALICE));
        assertThat(asked.asked).contains("emails " + Talk.DEMO);
    }

    @Test
    void a_watch_that_could_not_begin_is_begun_once_more() throws Exception {
        share("Work", "lr");
        asked.refused.add("watch " + ALICE);
        try (SharedWatch deaf = SharedWatch.begin(asked.store(), Talk.DEMO, (account, mailbox) -> {})) {
            assertThat(deaf.isOf(asked.store(), Talk.DEMO)).isFalse();
        }
        asked.refused.clear();
        Set<String> heard = ConcurrentHashMap.newKeySet();
        try (SharedWatch watch =
                SharedWatch.begin(asked.store(), Talk.DEMO, (account, mailbox) -> heard.add(mailbox))) {
            assertThat(watch.isOf(asked.store(), Talk.DEMO)).isTrue();
            add("Work");
            assertThat(heard).contains("Work");
        }
    }
}
