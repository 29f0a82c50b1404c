package org.posthorn.imap;

import static org.posthorn.imap.Server.talk;

import java.io.IOException;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.posthorn.api.mailbox.FlagChange;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.testkit.MemoryLine;

/** QRESYNC, RFC 7162 3.2. */
class ResyncTest {

    private static final long VALIDITY = 3857529044L;

    private final Server server = new Server();

    /** UIDs 1 to 10 with mod-sequences 2 to 11. */
    private MemoryLine ten() throws IOException {
        for (int i = 0; i < 10; i++) server.inbox().add("A: 1\r\n\r\n", Flags.NONE);
        return enabled();
    }

    private MemoryLine enabled() throws IOException {
        MemoryLine line = server.login();
        talk(line, "C: e ENABLE QRESYNC\nS: * ENABLED QRESYNC\nS: e OK Enabled");
        return line;
    }

    private void flag(long uid) {
        server.inbox()
                .store(
                        UidSet.of(uid),
                        new FlagChange(FlagChange.Kind.ADD, Flags.of(Flags.DRAFT)),
                        OptionalLong.empty());
    }

    private static String select(String parameter, String told) {
        return "C: s SELECT INBOX (QRESYNC (" + parameter + "))\nS+ * OK [HIGHESTMODSEQ {*}\n" + told
                + "S: s OK [READ-WRITE] Selected";
    }

    @Test
    void client_that_comes_back_is_told_what_has_changed() throws IOException {
        MemoryLine line = ten();
        server.inbox().expunge(UidSet.range(3, 5));
        server.inbox().expunge(UidSet.of(10));
        flag(7);
        server.fred().deliver("A: 2\r\n\r\n");
        talk(line, select(VALIDITY + " 11", """
                S: * VANISHED (EARLIER) 3:5,10
                S: * 4 FETCH (FLAGS (\\Draft \\Recent) UID 7 MODSEQ (14))
                S: * 7 FETCH (FLAGS (\\Recent) UID 11 MODSEQ (15))
                """));
        talk(enabled(), select(VALIDITY + " 13", """
                S: * 4 FETCH (FLAGS (\\Draft) UID 7 MODSEQ (14))
                S: * 7 FETCH (FLAGS () UID 11 MODSEQ (15))
                """));
        talk(enabled(), select(VALIDITY + " 11 4:8", """
                S: * VANISHED (EARLIER) 4:5
                S: * 4 FETCH (FLAGS (\\Draft) UID 7 MODSEQ (14))
                """));
        talk(enabled(), select(VALIDITY + " 15", ""));
        talk(enabled(), select("1 2", ""));
    }

    @Test
    void mailbox_that_forgot_what_it_removed_tells_all_that_is_not_there() throws IOException {
        MemoryLine line = ten();
        server.inbox().expunge(UidSet.of(2));
        server.inbox().expunge(UidSet.range(8, 10));
        server.inbox().forget();
        talk(line, select(VALIDITY + " 12", "S: * VANISHED (EARLIER) 2,8:10\n"));
        talk(enabled(), select(VALIDITY + " 12 1:9", "S: * VANISHED (EARLIER) 2,8:9\n"));
        // The client knows that 2 is gone: its second message is 3 already, its seventh is 8.
        talk(enabled(), select(VALIDITY + " 12 1,3:9 (2,6,7 3,7,8)", "S: * VANISHED (EARLIER) 8:9\n"));
        talk(enabled(), select(VALIDITY + " 12 (2 3)", "S: * VANISHED (EARLIER) 8:10\n"));
    }

    /** One above the highest proves that the server has lost its history: RFC 7162 3.1 has them rise as long as UIDVALIDITY stays. */
    @Test
    void client_with_a_mod_sequence_that_was_never_given_is_told_all() throws IOException {
        MemoryLine line = ten();
        server.inbox().expunge(UidSet.range(3, 9));
        talk(line, select(VALIDITY + " 99999999", """
                S: * VANISHED (EARLIER) 3:9
                S: * 1 FETCH (FLAGS (\\Recent) UID 1 MODSEQ (2))
                S: * 2 FETCH (FLAGS (\\Recent) UID 2 MODSEQ (3))
                S: * 3 FETCH (FLAGS (\\Recent) UID 10 MODSEQ (11))
                """));
        talk(line, """
                C: a UID FETCH 2:8 (UID) (CHANGEDSINCE 99999999 VANISHED)
                S: * VANISHED (EARLIER) 3:8
                S: * 2 FETCH (UID 2 MODSEQ (3))
                S: a OK Fetched
                C: b FETCH 1 (UID) (CHANGEDSINCE 99999999)
                S: * 1 FETCH (UID 1 MODSEQ (2))
                S: b OK Fetched
                C: c FETCH 1:3 (UID) (CHANGEDSINCE 12)
                S: c OK Fetched
                """);
    }

    @Test
    void fetch_tells_what_vanished_among_the_uids_named() throws IOException {
        MemoryLine line = ten();
        server.inbox().expunge(UidSet.range(3, 5));
        talk(line, "C: s SELECT INBOX\nS+ s OK {*}");
        server.inbox().expunge(UidSet.of(6));
        server.inbox().expunge(UidSet.of(10));
        talk(line, """
                C: a UID FETCH 4:8 (FLAGS) (CHANGEDSINCE 11 VANISHED)
                S: * VANISHED (EARLIER) 4:5
                S: * VANISHED 6,10
                S: a OK Fetched
                C: b UID FETCH 1:* (FLAGS) (VANISHED CHANGEDSINCE 11)
                S: * VANISHED (EARLIER) 3:6,10
                S: b OK Fetched
                C: c FETCH 1:* (FLAGS) (CHANGEDSINCE 11 VANISHED)
                S: c BAD {*}
                C: d UID FETCH 1:* (FLAGS) (VANISHED)
                S: d BAD {*}
                """);
        MemoryLine plain = server.select();
        talk(plain, "C: a UID FETCH 1:* (FLAGS) (CHANGEDSINCE 1 VANISHED)\nS: a BAD {*}");
        talk(plain, "C: b SELECT INBOX (QRESYNC (1 1))\nS: b BAD {*}");
        talk(plain, """
                C: c ENABLE QRESYNC
                S+ c OK {*}
                C: d SELECT INBOX (QRESYNC (0 1))
                S: d BAD {*}
                C: e SELECT INBOX (QRESYNC (4294967296 1))
                S: e BAD {*}
                C: e1 SELECT INBOX (QRESYNC (1 1 (1:3 6,8)))
                S: e1 BAD {*}
                C: f SELECT INBOX (QRESYNC (4294967295 1))
                S+ f OK {*}
                """);
    }

    @Test
    void expunged_messages_are_told_by_uid() throws IOException {
        MemoryLine line = ten();
        talk(line, """
                C: s SELECT INBOX
                S+ s OK {*}
                C: a STORE 3:5,9 +FLAGS.SILENT (\\Deleted)
                S: * 3 FETCH (UID 3 MODSEQ (12))
                S: * 4 FETCH (UID 4 MODSEQ (12))
                S: * 5 FETCH (UID 5 MODSEQ (12))
                S: * 9 FETCH (UID 9 MODSEQ (12))
                S: a OK Stored
                C: b UID EXPUNGE 3:4
                S: * VANISHED 3:4
                S: b OK [HIGHESTMODSEQ 13] Expunged
                C: c EXPUNGE
                S: * VANISHED 5,9
                S: c OK [HIGHESTMODSEQ 14] Expunged
                C: d EXPUNGE
                S: d OK Expunged
                C: e MOVE 1:2 Trash
                S: * OK [COPYUID {*}] Moved
                S: * VANISHED 1:2
                S: e OK [HIGHESTMODSEQ {*}] Moved
                C: f STORE 1 +FLAGS.SILENT (\\Deleted)
                S: * 1 FETCH (UID 6 MODSEQ ({*}))
                S: f OK Stored
                C: g IDLE
                S: + idling
                """);
        server.inbox().expunge(UidSet.of(7));
        talk(line, "S: * VANISHED 7\nC: DONE\nS: g OK {*}\nC: h CLOSE\nS: h OK Nothing is selected any more");
    }

    @Test
    void who_is_not_told_yet_what_is_gone_is_told_up_to_where_all_is_known() throws IOException {
        MemoryLine line = ten();
        talk(line, "C: s SELECT INBOX\nS+ s OK {*}");
        flag(2);
        server.inbox().expunge(UidSet.of(3));
        talk(line, """
                C: a STORE 1 +FLAGS.SILENT (\\Flagged)
                S: * 2 FETCH (FLAGS (\\Draft \\Recent) UID 2 MODSEQ (12))
                S: * 1 FETCH (UID 1 MODSEQ (14))
                S: * OK [HIGHESTMODSEQ 11] {*}
                S: a OK Stored
                """);
        line.resume(server.protocol, line.conversation().suspend().orElseThrow());
        talk(line, """
                C: b SEARCH ANSWERED
                S: * SEARCH
                S: * OK [HIGHESTMODSEQ 11] {*}
                S: b OK Searched
                C: c UID SEARCH 1 ANSWERED
                S: * SEARCH
                S: * OK [HIGHESTMODSEQ 11] {*}
                S: c OK Searched
                C: d UID SEARCH UID 1 ANSWERED
                S: * SEARCH
                S: * VANISHED 3
                S: d OK Searched
                C: e FETCH 3 BODY[]<0.1>
                S: * 3 FETCH (UID 4 BODY[]<0> {1}
                S: A FLAGS (\\Seen \\Recent) MODSEQ ({*}))
                S: e OK Fetched
                """);
    }

    @Test
    void sample_of_any_size_costs_as_much_as_agrees() throws IOException {
        MemoryLine line = ten();
        talk(line, select(VALIDITY + " 11 (1:4294967295 1:4294967295)", ""));
    }

    @Test
    void mailbox_that_is_left_by_select_is_closed() throws IOException {
        talk(server.select(), """
                C: a SELECT Trash
                S: * OK [CLOSED] {*}
                S+ a OK {*}
                C: b SELECT nothing
                S: * OK [CLOSED] {*}
                S: b NO {*}
                C: c SELECT INBOX
                S: * FLAGS {*}
                S+ c OK {*}
                """);
    }

    @Test
    void it_goes_on_in_another_version() throws IOException {
        MemoryLine line = ten();
        talk(line, "C: s SELECT INBOX\nS+ s OK {*}");
        line.resume(server.protocol, line.conversation().suspend().orElseThrow());
        server.inbox().expunge(UidSet.of(7));
        talk(line, "C: a NOOP\nS: * VANISHED 7\nS: a OK {*}");
    }

    @Test
    void wrong_parameters_are_refused() throws IOException {
        MemoryLine line = ten();
        for (String wrong : new String[] {
            "QRESYNC",
            "QRESYNC ()",
            "QRESYNC (1)",
            "QRESYNC (1 2 *)",
            "QRESYNC (1 2 1:*)",
            "QRESYNC (1 2 $)",
            "QRESYNC (1 2 (1))",
            "QRESYNC (1 2 1 (1 2)",
            "QRESYNC (1 2 1 (1 2) 3)",
            "QRESYNC (1 2 )",
            "QRESYNC (x 2)",
            "QRESYNC (1 0)",
            "QRESYNC (1 9223372036854775808)"
        }) talk(line, "C: a SELECT INBOX (" + wrong + ")\nS: a BAD {*}");
    }
}
