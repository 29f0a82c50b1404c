package org.posthorn.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.posthorn.imap.Server.talk;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.MailboxFault;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.testkit.MemoryLine;
import org.posthorn.testkit.Script;

/** Messages by URLs that say who may read them, RFC 4467; the URLs are those of RFC 5092. */
class UrlAuthTest {

    private static final String ALICE = "alice@example.org";
    private static final String BOB = "bob@elsewhere.example";
    private static final String INBOX = "imap://fred@example.org/INBOX/;uid=1";

    private static final String MESSAGE = """
            Subject: a
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary=b

            --b

            first
            --b

            Si vis pacem, para bellum.

            --b--
            """.replace("\n", "\r\n");

    private final Server server = new Server();
    private MemoryLine fred;

    @BeforeEach
    void message() throws IOException {
        server.fred().deliver(MESSAGE);
        server.fred().deliver("Subject: \0\r\n\r\nnul\r\n");
        fred = server.login();
    }

    /** What GENURLAUTH makes of a URL. */
    private String authorized(String rump) throws IOException {
        return authorized(fred, rump);
    }

    private static String authorized(MemoryLine line, String rump) throws IOException {
        Script script =
                Script.of("C: g GENURLAUTH \"" + rump + "\" INTERNAL\nS: * GENURLAUTH \"{url}\"\nS: g OK Authorized\n");
        script.run(line);
        assertThat(script.known("url")).startsWith(rump + ":internal:");
        return script.known("url");
    }

    private static void gives(MemoryLine line, String url, String octets) throws IOException {
        String told = octets.isEmpty() ? "\"\"" : "{" + octets.length() + "}\nS: " + octets.replace("\r\n", "\nS: ");
        talk(line, "C: f URLFETCH \"" + url + "\"\nS: * URLFETCH \"" + url + "\" " + told + "\nS: f OK Fetched\n");
    }

    private static void givesNothing(MemoryLine line, String url) throws IOException {
        talk(line, "C: f URLFETCH \"" + url + "\"\nS: * URLFETCH \"" + url + "\" NIL\nS: f OK Fetched\n");
    }

    /** Those of RFC 4467 7, but that a submission server is none of the users. */
    @Test
    void url_is_made_and_fetched_as_the_examples_of_the_rfc_have_it() throws IOException {
        talk(fred, """
                C: a775 GENURLAUTH "imap://fred@example.org/INBOX/;uid=1/;section=2" INTERNAL
                S: a775 BAD {*}
                C: a776 GENURLAUTH "imap://example.org/Shared/;uid=20/;section=1.2;urlauth=submit+fred" INTERNAL
                S: a776 BAD {*}
                C: a777 GENURLAUTH "imap://fred@example.org/INBOX/;uid=1/;section=2;urlauth=user+alice" INTERNAL
                S: * GENURLAUTH "imap://fred@example.org/INBOX/;uid=1/;section=2;urlauth=user+alice:internal:{token}"
                S: a777 OK Authorized
                """);
        String url = authorized(INBOX + "/;section=2;urlauth=user+alice");
        gives(server.login(ALICE), url, "Si vis pacem, para bellum.\r\n");
        talk(server.login(ALICE), """
                C: a31 RESETKEY
                S: a31 OK All keys removed
                C: a32 RESETKEY INBOX
                S: a32 OK [URLMECH INTERNAL] {*}
                C: a33 RESETKEY INBOX XSAMPLE
                S: a33 NO [CANNOT] {*}
                """);
    }

    @Test
    void capability_and_selection_tell_of_it() throws IOException {
        talk(fred, """
                C: a CAPABILITY
                S: * CAPABILITY {*} URLAUTH {*}
                S: a OK {*}
                C: b EXAMINE INBOX
                S+ * OK [URLMECH INTERNAL] {*}
                S+ b OK [READ-ONLY] {*}
                """);
    }

    @Test
    void token_is_the_same_each_time_and_another_for_each_url_and_mailbox() throws IOException {
        String one = authorized(INBOX + ";urlauth=anonymous");
        assertThat(authorized(INBOX + ";urlauth=anonymous")).isEqualTo(one);
        assertThat(token(one)).matches("01[0-9a-f]{64}");
        assertThat(token(authorized(INBOX + ";URLAUTH=anonymous"))).isNotEqualTo(token(one));
        assertThat(server.fred().keys().known("Sent")).isEmpty();
        authorized("imap://fred@example.org/Sent/;uid=1;urlauth=anonymous");
        assertThat(server.fred().keys().known("Sent")).isPresent();
    }

    private static String token(String url) {
        return url.substring(url.lastIndexOf(':') + 1);
    }

    @Test
    void each_part_of_a_message_can_be_fetched() throws IOException {
        gives(fred, authorized(INBOX + ";urlauth=authuser"), MESSAGE);
        gives(fred, authorized(INBOX + "/;section=1;urlauth=authuser"), "first");
        gives(fred, authorized(INBOX + "/;section=HEADER.FIELDS%20(SUBJECT);urlauth=authuser"), "Subject: a\r\n\r\n");
        gives(fred, authorized(INBOX + "/;section=2/;partial=3.3;urlauth=authuser"), "vis");
        // What a message does not have is empty, RFC 4467 8.
        gives(fred, authorized(INBOX + "/;section=9;urlauth=authuser"), "");
        gives(fred, authorized(INBOX + "/;section=1/;partial=90.1;urlauth=authuser"), "");
        gives(
                fred,
                authorized(INBOX.replace("uid=1", "uid=2") + "/;section=HEADER;urlauth=authuser"),
                "Subject: \u0080\r\n\r\n");
        // Nobody has read it by that.
        assertThat(server.inbox().entries(UidSet.of(1)).get(0).flags().has(Flags.SEEN))
                .isFalse();
    }

    @Test
    void several_are_made_and_fetched_at_once() throws IOException {
        String first = INBOX + "/;section=1;urlauth=anonymous";
        String none = INBOX.replace("uid=1", "uid=7") + ";urlauth=anonymous";
        Script script = Script.of("C: a GENURLAUTH " + first + " INTERNAL \"" + none + "\" internal\n"
                + "S: * GENURLAUTH \"{first}\" \"{none}\"\nS: a OK Authorized\n"
                + "C: b URLFETCH \"${first}\" ${none} nonsense\nS: * URLFETCH \"${first}\" {5}\nS: first\n"
                + "S: * URLFETCH \"${none}\" NIL\nS: * URLFETCH \"nonsense\" NIL\nS: b OK Fetched\n");
        script.run(fred);
        assertThat(fred.unread()).isEmpty();
    }

    @Test
    void url_is_for_whom_it_says() throws IOException {
        MemoryLine alice = server.login(ALICE);
        MemoryLine bob = server.login(BOB);
        String first = INBOX + "/;section=1;urlauth=";
        String anyones = authorized(first + "anonymous");
        for (MemoryLine line : new MemoryLine[] {fred, alice}) gives(line, anyones, "first");
        String users = authorized(first + "authuser");
        gives(alice, users, "first");
        String alices = authorized(first + "user+alice");
        gives(alice, alices, "first");
        givesNothing(fred, alices);
        String bobs = authorized(first.replace("fred@", "fred%40example.org@") + "user+bob%40Elsewhere.example");
        gives(bob, bobs, "first");
        givesNothing(alice, bobs);
        // Fred without a domain is another for who is of another one.
        givesNothing(bob, anyones);
        gives(bob, authorized(first.replace("fred@", "FRED%40EXAMPLE.ORG;AUTH=*@") + "anonymous"), "first");
        // RFC 4467 3: that is for a submission server alone.
        String submitted = authorized(first + "submit+fred");
        givesNothing(fred, submitted);
        givesNothing(alice, submitted);
    }

    @Test
    void url_that_was_changed_gives_nothing() throws IOException {
        String url = authorized(INBOX + ";urlauth=user+alice");
        MemoryLine alice = server.login(ALICE);
        gives(alice, url, MESSAGE);
        gives(
                alice,
                url.substring(0, url.length() - 64)
                        + url.substring(url.length() - 64).toUpperCase(),
                MESSAGE);
        for (String changed : new String[] {
            url.replace("uid=1", "uid=2"),
            url.replace("uid=1", "UID=1"),
            url.replace("uid=1;", "uid=1/;section=1;"),
            url.replace("INBOX", "inbox"),
            url.replace("INBOX", "INBO%58"),
            url.replace("INBOX", "Sent"),
            url.replace("example.org/", "elsewhere.example/"),
            url.replace("user+alice", "anonymous"),
            url.replace("fred@", "alice@"),
            url.replace("fred@", "nobody@"),
            url.replace(":internal:01", ":internal:02"),
            url.replace(":internal:", ":xsample:"),
            url.substring(0, url.length() - 1),
            url + "0"
        }) {
            assertThat(changed).isNotEqualTo(url);
            givesNothing(alice, changed);
        }
        assertThat(server.store.exists(Address.of("nobody@example.org"))).isFalse();
    }

    @Test
    void url_is_void_when_its_time_is_over() throws IOException {
        String past = authorized(INBOX + ";expire=2006-05-01T00:00:00Z;urlauth=anonymous");
        givesNothing(fred, past);
        givesNothing(fred, past.replace("2006", "9006"));
        gives(fred, authorized(INBOX + ";EXPIRE=9006-05-01T00:00:00.5-08:00;urlauth=anonymous"), MESSAGE);
    }

    @Test
    void url_is_void_when_its_key_is_another() throws IOException {
        String inbox = authorized(INBOX + ";urlauth=anonymous");
        String sent = authorized("imap://fred@example.org/Sent/;uid=1;urlauth=anonymous");
        server.fred().box("Sent").add("Subject: sent\r\n\r\n", Flags.NONE);
        talk(server.login(ALICE), "C: a RESETKEY\nS: a OK All keys removed\n");
        gives(fred, inbox, MESSAGE);
        talk(fred, "C: a RESETKEY inbox INTERNAL\nS: a OK [URLMECH INTERNAL] {*}\n");
        givesNothing(fred, inbox);
        gives(fred, sent, "Subject: sent\r\n\r\n");
        gives(fred, authorized(INBOX + ";urlauth=anonymous"), MESSAGE);
        talk(fred, "C: b RESETKEY\nS: b OK All keys removed\n");
        givesNothing(fred, sent);
        assertThat(server.fred().keys().known("Sent")).isEmpty();
    }

    @Test
    void other_sessions_of_the_user_that_have_the_mailbox_selected_are_told_of_another_key() throws IOException {
        MemoryLine waiting = server.select();
        MemoryLine idling = server.select();
        talk(idling, "C: i IDLE\nS: + idling");
        MemoryLine sent = server.login();
        talk(sent, "C: s SELECT Sent\nS+ s OK {*}");
        MemoryLine alice = server.login(ALICE);
        talk(alice, "C: s SELECT INBOX\nS+ s OK {*}");
        talk(fred, "C: a RESETKEY INBOX\nS: a OK [URLMECH INTERNAL] {*}\nC: b NOOP\nS: b OK {*}");
        talk(waiting, "S: * OK [URLMECH INTERNAL] {*}\nC: b NOOP\nS: b OK {*}");
        talk(idling, "S: * OK [URLMECH INTERNAL] {*}");
        talk(sent, "C: b NOOP\nS: b OK {*}");
        talk(fred, "C: c RESETKEY\nS: c OK All keys removed\nC: d SELECT INBOX\nS+ d OK {*}");
        talk(sent, "S: * OK [URLMECH INTERNAL] {*}\nC: c UNSELECT\nS: c OK {*}");
        talk(idling, "S: * OK [URLMECH INTERNAL] {*}\nC: DONE\nS: i OK {*}\nC: e RESETKEY INBOX\nS: e OK {*}");
        talk(sent, "C: d NOOP\nS: d OK {*}");
        talk(fred, "S: * OK [URLMECH INTERNAL] {*}");
        talk(alice, "C: b NOOP\nS: b OK {*}");
        talk(sent, "C: e SELECT Sent\nS+ e OK {*}\nC: f RENAME Sent Later\nS+ f OK {*}");
        talk(fred, "C: e RESETKEY Later\nS: e OK [URLMECH INTERNAL] {*}");
        talk(sent, "S: * OK [URLMECH INTERNAL] {*}");
    }

    @Test
    void url_leads_to_no_other_mailbox_of_that_name() throws IOException {
        server.fred().create("Work", Optional.empty());
        server.fred().box("Work").add("Subject: old\r\n\r\n", Flags.NONE);
        long validity = server.fred().box("Work").status().uidValidity();
        String bare = authorized("imap://fred@example.org/Work/;uid=1;urlauth=anonymous");
        String sure = authorized("imap://fred@example.org/Work;uidvalidity=" + validity + "/;uid=1;urlauth=anonymous");
        gives(fred, bare, "Subject: old\r\n\r\n");
        gives(fred, sure, "Subject: old\r\n\r\n");
        server.fred().delete("Work");
        givesNothing(fred, bare);
        server.fred().create("Work", Optional.empty());
        server.fred().box("Work").add("Subject: new\r\n\r\n", Flags.NONE);
        givesNothing(fred, bare);
        givesNothing(fred, authorized(sure.substring(0, sure.indexOf(":internal"))));
    }

    /** Keys are the owner's: they do not go with what others share, nor with what another program made again. */
    @Test
    void url_without_uidvalidity_is_void_when_the_mailbox_has_another_while_the_key_stays() throws IOException {
        String own = authorized(INBOX + ";urlauth=anonymous");
        server.fred().access().give("INBOX", ALICE, "lr");
        String shared = authorized(
                server.login(ALICE),
                "imap://alice@example.org/Users/fred%40example.org/INBOX/;uid=1;urlauth=anonymous");
        gives(fred, own, MESSAGE);
        gives(fred, shared, MESSAGE);
        server.inbox().uidValidity(7);
        givesNothing(fred, own);
        givesNothing(fred, shared);
        gives(fred, authorized(INBOX + ";urlauth=anonymous"), MESSAGE);
    }

    @Test
    void mailbox_that_went_away_meanwhile_gives_nothing() throws IOException {
        String url = authorized(INBOX + ";urlauth=anonymous");
        server.inbox().unreadable(new MailboxFault(MailboxFault.Kind.NONEXISTENT, "There is no such mailbox"));
        givesNothing(fred, url);
    }

    /** Whoever asks, with any token: what is broken would tell that there is an account. */
    @Test
    void account_that_cannot_be_read_fails_no_other_url() throws IOException {
        String url = authorized(INBOX + ";urlauth=anonymous");
        server.store.of(ALICE).keys().unreadable(new IOException("the disk is gone"));
        String broken = "imap://alice@example.org/INBOX/;uid=1;urlauth=anonymous:internal:01" + "0".repeat(64);
        talk(
                fred,
                "C: a URLFETCH " + broken + " " + url + "\nS: * URLFETCH \"" + broken + "\" NIL\nS: * URLFETCH \"" + url
                        + "\" {" + MESSAGE.length() + "}\nS: " + MESSAGE.replace("\r\n", "\nS: ")
                        + "\nS: a OK Fetched\n");
        server.inbox().fails(1, new IOException("the disk is gone"));
        talk(fred, "C: b URLFETCH " + url + "\nS: b NO {*}\n");
    }

    @Test
    void mailbox_is_named_in_utf8_behind_percent_signs() throws IOException {
        server.fred().create("Entw\u00fcrfe; 1", Optional.empty());
        server.fred().box("Entw\u00fcrfe; 1").add("Subject: x\r\n\r\n", Flags.NONE);
        gives(
                fred,
                authorized("imap://fred@example.org/Entw%C3%BCrfe%3B%201/;uid=1;urlauth=anonymous"),
                "Subject: x\r\n\r\n");
    }

    /** With whose rights it is read is who made it, and what counts is what he may do now: RFC 4467 7. */
    @Test
    void what_others_share_is_read_as_long_as_they_do() throws IOException {
        server.fred().access().give("INBOX", ALICE, "l");
        MemoryLine alice = server.login(ALICE);
        String rump = "imap://alice@example.org/Users/fred%40example.org/INBOX/;uid=1/;section=1;urlauth=authuser";
        talk(alice, "C: a GENURLAUTH \"" + rump + "\" INTERNAL\nS: a NO [NOPERM] {*}\n");
        server.fred().access().give("INBOX", ALICE, "lr");
        String url = authorized(alice, rump);
        gives(fred, url, "first");
        assertThat(server.fred().keys().known("INBOX")).isEmpty();
        talk(fred, "C: a RESETKEY\nS: a OK All keys removed\n");
        gives(fred, url, "first");
        server.fred().access().give("INBOX", ALICE, "l");
        givesNothing(fred, url);
        givesNothing(alice, url);
        server.fred().access().give("INBOX", ALICE, "i");
        talk(alice, "C: b GENURLAUTH \"" + rump + "\" INTERNAL\nS: b BAD There is no such mailbox\n");
        talk(
                alice,
                "C: c GENURLAUTH \"imap://alice@x/Nowhere/;uid=1;urlauth=authuser\" INTERNAL\nS: c BAD There is no such mailbox\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "imap://alice@example.org/INBOX/;uid=1;urlauth=anonymous",
                "imap://alice%40example.org@example.org/INBOX/;uid=1;urlauth=anonymous",
                "imap://fred%40elsewhere.example@example.org/INBOX/;uid=1;urlauth=anonymous",
                "imap://;AUTH=*@example.org/INBOX/;uid=1;urlauth=anonymous",
                "imap://fred@/INBOX/;uid=1;urlauth=anonymous",
                "http://fred@example.org/INBOX/;uid=1;urlauth=anonymous",
                "imap://fred@example.org/INBOX/;uid=1;urlauth=submit+",
                "imap://fred@example.org/INBOX/;uid=1;urlauth=submit+%40",
                "imap://fred@example.org/INBOX/;uid=1;urlauth=user+%ff",
                "imap://fred@example.org/INBOX/;uid=1;urlauth=user+%f",
                "imap://fred@example.org/INBOX/;uid=1;urlauth=authuser+fred",
                "imap://fred@example.org/INBOX/;uid=1;urlauth=owner",
                "imap://fred@example.org/INBOX/;uid=1;urlauth=",
                "imap://fred@example.org/INBOX/;uid=1;urlauth=anonymous/",
                "imap://fred@example.org/INBOX/;uid=1;urlauth=anonymous;expire=9006-05-01T00:00:00Z",
                "imap://fred@example.org/INBOX/;uid=1;expire=9006-05-41T00:00:00Z;urlauth=anonymous",
                "imap://fred@example.org/INBOX/;uid=1;expire=tomorrow;urlauth=anonymous",
                "imap://fred@example.org/INBOX/;uid=1;urlauth=anonymous:internal:01",
                "imap://fred@example.org/INBOX/;uid=0;urlauth=anonymous",
                "imap://fred@example.org/INBOX/;uid=99999999999999999999;urlauth=anonymous",
                "imap://fred@example.org/INBOX/;uid=1/;section=NONSENSE;urlauth=anonymous",
                "imap://fred@example.org/INBOX/;uid=1/;partial=1.0;urlauth=anonymous",
                "imap://fred@example.org/INBOX;urlauth=anonymous",
                "imap://fred@example.org/INBOX?SUBJECT%20x;urlauth=anonymous",
                "imap://fred@example.org/;uid=1;urlauth=anonymous",
                "imap://fred@example.org/;urlauth=anonymous",
                "imap://fred@example.org;urlauth=anonymous",
                "/INBOX/;uid=1;urlauth=anonymous",
                "imap://fred@example.org/IN BOX/;uid=1;urlauth=anonymous",
                ""
            })
    void what_is_no_url_of_ones_own_message_is_bad_and_gives_nothing(String url) throws IOException {
        authorized(INBOX + ";urlauth=anonymous");
        talk(fred, "C: a GENURLAUTH \"" + url + "\" INTERNAL\nS: a BAD {*}\n");
        givesNothing(fred, url);
        givesNothing(fred, url + ":internal:01" + "0".repeat(64));
    }

    @Test
    void long_urls_and_many_do_no_harm() throws IOException {
        String deep = "imap://fred@example.org/" + "%C3%BC".repeat(5000) + "/;uid=1;urlauth=anonymous";
        talk(fred, "C: a GENURLAUTH \"" + deep + "\" INTERNAL\nS: a BAD There is no such mailbox\n");
        String url = deep + ":internal:" + "0".repeat(20_000);
        talk(
                fred,
                "C: b URLFETCH \"" + url + "\"\nS: * URLFETCH {" + url.length() + "}\nS: " + url
                        + " NIL\nS: b OK Fetched\n");
        talk(
                fred,
                "C: c GENURLAUTH" + (" " + INBOX + ";urlauth=anonymous INTERNAL").repeat(501)
                        + "\nS: c NO [LIMIT] {*}\n");
        talk(
                fred,
                "C: d URLFETCH" + " x".repeat(1000) + "\n" + "S: * URLFETCH \"x\" NIL\n".repeat(1000)
                        + "S: d OK Fetched\n");
    }

    @Test
    void arguments_that_are_missing_are_bad() throws IOException {
        for (String wrong : new String[] {
            "GENURLAUTH",
            "GENURLAUTH " + INBOX,
            "GENURLAUTH " + INBOX + ";urlauth=anonymous",
            "URLFETCH",
            "URLFETCH ",
            "RESETKEY ",
            "RESETKEY INBOX ",
            "GENURLAUTH " + INBOX + ";urlauth=anonymous INTERNAL "
        }) talk(fred, "C: a " + wrong + "\nS: a BAD {*}\n");
        talk(fred, "C: b GENURLAUTH " + INBOX + ";urlauth=anonymous XSAMPLE\nS: b NO [CANNOT] {*}\n");
        talk(fred, "C: c RESETKEY Nowhere\nS: c NO [NONEXISTENT] {*}\n");
        talk(server.connect(), "C: d URLFETCH x\nS: d BAD {*}\n");
    }

    /** The keys are the store's: whoever resumes the session, and whatever store it has then, knows them. */
    @Test
    void url_stays_valid_when_the_session_goes_on_in_another_version() throws IOException {
        String url = authorized(INBOX + "/;section=1;urlauth=anonymous");
        MemoryLine line = server.select();
        Server other = new Server();
        other.protocol.unbindStore(other.store);
        other.protocol.bindStore(server.store, Map.of());
        line.resume(other.protocol, line.conversation().suspend().orElseThrow());
        gives(line, url, "first");
        assertThat(authorized(line, INBOX + "/;section=1;urlauth=anonymous")).isEqualTo(url);
    }
}
