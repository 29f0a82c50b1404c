package org.posthorn.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.posthorn.imap.Server.talk;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.testkit.MemoryLine;

/** UIDONLY, RFC 9586. */
class UidOnlyTest {

    private final Server server = new Server();

    /** UIDs 11 to 14, the first is seen. */
    private MemoryLine four() throws IOException {
        server.inbox().uidNext(11);
        server.inbox().add("Subject: x\r\n\r\nbody\r\n", Flags.of(Flags.SEEN));
        for (int i = 0; i < 3; i++) server.inbox().add("Subject: x\r\n\r\nbody\r\n", Flags.NONE);
        MemoryLine line = server.login();
        talk(line, """
                C: e ENABLE UIDONLY
                S: * ENABLED UIDONLY
                S: e OK Enabled
                C: s SELECT INBOX
                S: * FLAGS {*}
                S: * OK [PERMANENTFLAGS {*}
                S: * 4 EXISTS
                S: * 4 RECENT
                S: * OK [UIDVALIDITY {*}
                S: * OK [UIDNEXT 15] {*}
                S: * OK [MAILBOXID {*}
                S: * OK [URLMECH INTERNAL] {*}
                S: * OK [HIGHESTMODSEQ {*}
                S: s OK {*}
                """);
        return line;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "FETCH 1 FLAGS",
                "STORE 1 +FLAGS (\\Seen)",
                "SEARCH ALL",
                "SORT (SUBJECT) UTF-8 ALL",
                "THREAD REFERENCES UTF-8 ALL",
                "COPY 1 Trash",
                "MOVE 1 Trash",
                "REPLACE 1 INBOX {3+}\r\nA:b",
                "UID SEARCH 1",
                "UID SEARCH *",
                "UID SEARCH NOT (OR SEEN 99)",
                "UID SORT (SUBJECT) UTF-8 1:2",
                "UID THREAD REFERENCES UTF-8 1"
            })
    void sequence_numbers_are_refused(String command) throws IOException {
        MemoryLine line = four();
        line.send("a " + command + "\r\n");
        assertThat(line.read()).startsWith("a BAD [UIDREQUIRED] ");
        talk(line, "C: b NOOP\nS: b OK {*}");
    }

    @Test
    void messages_are_told_by_uid() throws IOException {
        talk(four(), """
                C: a UID FETCH 12:13 FLAGS
                S: * 12 UIDFETCH (FLAGS (\\Recent))
                S: * 13 UIDFETCH (FLAGS (\\Recent))
                S: a OK {*}
                C: b UID FETCH * (UID RFC822.SIZE)
                S: * 14 UIDFETCH (UID 14 RFC822.SIZE 20)
                S: b OK {*}
                C: c UID FETCH 12 BODY[TEXT]
                S: * 12 UIDFETCH (BODY[TEXT] {6}
                S: body
                S:  FLAGS (\\Seen \\Recent))
                S: c OK {*}
                C: d UID STORE 13 +FLAGS (\\Flagged)
                S: * 13 UIDFETCH (FLAGS (\\Flagged \\Recent))
                S: d OK {*}
                C: e UID SEARCH FLAGGED
                S: * SEARCH 13
                S: e OK {*}
                C: f UID SEARCH RETURN (SAVE ALL UPDATE) UID 13:*
                S: * ESEARCH (TAG "f") UID ALL 13:14
                S: f OK {*}
                C: g UID SEARCH $ FLAGGED
                S: * SEARCH 13
                S: g OK {*}
                C: h UID COPY $ Trash
                S: h OK [COPYUID {*} 13:14 1:2] Copied
                C: i UID MOVE 14 Trash
                S: * OK [COPYUID {*} 14 3] Moved
                S: * ESEARCH (TAG "f") UID REMOVEFROM (0 14)
                S: * VANISHED 14
                S: i OK {*}
                C: j UID STORE 11 +FLAGS.SILENT (\\Deleted)
                S: j OK {*}
                C: k EXPUNGE
                S: * VANISHED 11
                S: k OK Expunged
                """);
    }

    @Test
    void news_are_told_by_uid_and_survive_a_new_version() throws IOException {
        MemoryLine idle = four();
        var page = idle.conversation().suspend().orElseThrow();
        assertThat(page.version()).isEqualTo(3);
        idle.resume(server.protocol, page);
        talk(idle, "C: a IDLE\nS: + idling");
        MemoryLine other = server.select();
        talk(other, "C: a UID STORE 13 +FLAGS.SILENT (\\Seen)\nS: a OK {*}");
        talk(idle, "S: * 13 UIDFETCH (FLAGS (\\Seen \\Recent))");
        server.inbox().expunge(UidSet.range(11, 12));
        server.fred().deliver("A: 1\r\n\r\n");
        talk(idle, "S: * VANISHED 11:12\nS: * 3 EXISTS\nS: * 3 RECENT\nC: DONE\nS: a OK {*}");
        talk(other, "C: b NOOP\nS: * 2 EXPUNGE\nS: * 1 EXPUNGE\nS+ b OK {*}");
    }

    @Test
    void mod_sequences_and_resync_do_without_numbers() throws IOException {
        MemoryLine line = four();
        talk(line, """
                C: a ENABLE QRESYNC
                S: * ENABLED QRESYNC
                S: * OK [HIGHESTMODSEQ 5] {*}
                S: a OK {*}
                C: b UID STORE 13 (UNCHANGEDSINCE 5) +FLAGS.SILENT (\\Seen)
                S: * 13 UIDFETCH (MODSEQ (6))
                S: b OK {*}
                C: c UID STORE 12:13 (UNCHANGEDSINCE 5) +FLAGS (\\Flagged)
                S: * 12 UIDFETCH (FLAGS (\\Flagged \\Recent) MODSEQ (7))
                S: c OK [MODIFIED 13] {*}
                C: d SELECT INBOX (QRESYNC (3857529044 5 11:14 (1 11)))
                S: d BAD [UIDREQUIRED] {*}
                C: e SELECT INBOX (QRESYNC (3857529044 5 10:14))
                S+ * OK [HIGHESTMODSEQ 7] {*}
                S: * 12 UIDFETCH (FLAGS (\\Flagged) MODSEQ (7))
                S: * 13 UIDFETCH (FLAGS (\\Seen) MODSEQ (6))
                S: e OK {*}
                """);
    }

    @Test
    void searches_that_are_kept_up_to_date_by_number_end() throws IOException {
        server.inbox().add("A: 1\r\n\r\n", Flags.NONE);
        talk(server.select(), """
                C: a SEARCH RETURN (UPDATE) FLAGGED
                S: * ESEARCH (TAG "a")
                S: a OK {*}
                C: b UID SEARCH RETURN (UPDATE) FLAGGED
                S: * ESEARCH (TAG "b") UID
                S: b OK {*}
                C: c ENABLE UIDONLY
                S: * ENABLED UIDONLY
                S: * NO [NOUPDATE "a"] {*}
                S: c OK {*}
                C: d UID STORE 1 +FLAGS.SILENT (\\Flagged)
                S: * ESEARCH (TAG "b") UID ADDTO (0 1)
                S: d OK {*}
                """);
    }

    @Test
    void it_ends_with_the_login_and_begins_in_a_mailbox() throws IOException {
        MemoryLine line = four();
        talk(line, """
                C: a UNAUTHENTICATE
                S: a OK {*}
                C: b LOGIN fred@example.org "foo bar"
                S: b OK {*}
                C: c SELECT INBOX
                S+ c OK {*}
                C: d FETCH 1 UID
                S: * 1 FETCH (UID 11)
                S: d OK {*}
                C: e ENABLE UIDONLY CONDSTORE
                S: * ENABLED CONDSTORE UIDONLY
                S: * OK [HIGHESTMODSEQ {*}
                S: e OK {*}
                C: f FETCH 1 UID
                S: f BAD [UIDREQUIRED] {*}
                """);
    }
}
