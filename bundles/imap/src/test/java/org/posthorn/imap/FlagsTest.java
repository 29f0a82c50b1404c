package org.posthorn.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.posthorn.imap.Server.talk;

import java.io.IOException;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.posthorn.api.mailbox.FlagChange;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.testkit.MemoryLine;

class FlagsTest {

    private final Server server = new Server();

    private MemoryLine three() throws IOException {
        for (int i = 0; i < 3; i++) server.inbox().add("A: 1\r\n\r\n", Flags.NONE);
        MemoryLine line = server.login();
        talk(line, "C: 1 SELECT INBOX (CONDSTORE)\nS+ 1 OK [READ-WRITE] Selected");
        return line;
    }

    private MemoryLine plain() throws IOException {
        for (int i = 0; i < 3; i++) server.inbox().add("A: 1\r\n\r\n", Flags.NONE);
        return server.select();
    }

    @Test
    void store_sets_adds_and_takes_away() throws IOException {
        talk(plain(), """
                C: a STORE 2:3 FLAGS (\\Seen \\Flagged)
                S: * 2 FETCH (FLAGS (\\Flagged \\Seen \\Recent))
                S: * 3 FETCH (FLAGS (\\Flagged \\Seen \\Recent))
                S: a OK Stored
                C: b UID STORE 3:4 -FLAGS \\Seen \\Deleted
                S: * 3 FETCH (UID 3 FLAGS (\\Flagged \\Recent))
                S: b OK Stored
                C: c STORE * +FLAGS.SILENT \\Answered
                S: c OK Stored
                C: d FETCH 1:* FLAGS
                S: * 1 FETCH (FLAGS (\\Recent))
                S: * 2 FETCH (FLAGS (\\Flagged \\Seen \\Recent))
                S: * 3 FETCH (FLAGS (\\Answered \\Flagged \\Recent))
                S: d OK {*}
                C: e STORE 1 FLAGS (\\Nonsense)
                S: e BAD There is no such system flag
                C: f STORE 4 FLAGS ()
                S: f BAD {*}
                C: g STORE 1 NONSENSE ()
                S: g BAD {*}
                C: h STORE 1:2 FLAGS ()
                S: * 1 FETCH (FLAGS (\\Recent))
                S: * 2 FETCH (FLAGS (\\Recent))
                S: h OK Stored
                """);
    }

    @Test
    void condstore_tells_mod_sequences_with_every_flag() throws IOException {
        talk(three(), """
                C: a STORE 1 +FLAGS (\\Seen)
                S: * 1 FETCH (UID 1 FLAGS (\\Seen \\Recent) MODSEQ (5))
                S: a OK Stored
                C: b STORE 1 +FLAGS.SILENT (\\Flagged)
                S: * 1 FETCH (UID 1 MODSEQ (6))
                S: b OK Stored
                C: c FETCH 1 FLAGS
                S: * 1 FETCH (FLAGS (\\Flagged \\Seen \\Recent) MODSEQ (6))
                S: c OK Fetched
                C: d FETCH 1:3 (FLAGS) (CHANGEDSINCE 3)
                S: * 1 FETCH (FLAGS (\\Flagged \\Seen \\Recent) MODSEQ (6))
                S: * 3 FETCH (FLAGS (\\Recent) MODSEQ (4))
                S: d OK Fetched
                C: e SEARCH MODSEQ "/flags/\\\\draft" all 4
                S: * SEARCH 1 3 (MODSEQ 6)
                S: e OK {*}
                C: f SEARCH RETURN (MIN) MODSEQ 3
                S: * ESEARCH (TAG "f") MIN 1 MODSEQ 6
                S: f OK {*}
                C: g SEARCH RETURN (MAX) MODSEQ 3
                S: * ESEARCH (TAG "g") MAX 3 MODSEQ 4
                S: g OK {*}
                C: h UID SEARCH MODSEQ 7
                S: * SEARCH
                S: h OK {*}
                """);
    }

    @Test
    void store_leaves_alone_what_has_changed_since() throws IOException {
        MemoryLine line = three();
        server.inbox()
                .store(UidSet.of(2), new FlagChange(FlagChange.Kind.ADD, Flags.of(Flags.DRAFT)), OptionalLong.empty());
        talk(line, """
                C: a STORE 1:3 (UNCHANGEDSINCE 4) +FLAGS.SILENT (\\Deleted)
                S: * 2 FETCH (FLAGS (\\Draft \\Recent) UID 2 MODSEQ (5))
                S: * 1 FETCH (UID 1 MODSEQ (6))
                S: * 3 FETCH (UID 3 MODSEQ (6))
                S: a OK [MODIFIED 2] {*}
                C: b UID STORE 1:3 (UNCHANGEDSINCE 0) +FLAGS (\\Deleted)
                S: b OK [MODIFIED 1:3] {*}
                """);
    }

    @Test
    void enabling_in_a_selected_mailbox_tells_the_highest() throws IOException {
        talk(plain(), """
                C: a FETCH 1 (MODSEQ)
                S: * OK [HIGHESTMODSEQ 4] {*}
                S: * 1 FETCH (MODSEQ (2))
                S: a OK Fetched
                C: b ENABLE CONDSTORE
                S: * ENABLED CONDSTORE
                S: b OK Enabled
                """);
    }

    @Test
    void expunge_takes_what_is_marked() throws IOException {
        talk(plain(), """
                C: a STORE 1,3 +FLAGS.SILENT (\\Deleted)
                S: a OK Stored
                C: b UID EXPUNGE 2:3
                S: * 3 EXPUNGE
                S: b OK Expunged
                C: c EXPUNGE
                S: * 1 EXPUNGE
                S: c OK Expunged
                C: d UID EXPUNGE
                S: d BAD {*}
                C: e EXPUNGE 1
                S: e BAD {*}
                """);
    }

    @Test
    void copy_tells_the_new_uids() throws IOException {
        server.fred().box("Trash").uidNext(100);
        talk(plain(), """
                C: a COPY 1:3 Trash
                S: a OK [COPYUID 3857529048 1:3 100:102] Copied
                C: b UID COPY 7:9 Trash
                S: b OK Copied
                C: c COPY 1 nothing
                S: c NO [TRYCREATE] {*}
                C: d COPY 4 Trash
                S: d BAD {*}
                """);
    }

    @Test
    void move_tells_the_new_uids_before_the_old_ones_go() throws IOException {
        // RFC 6851 4.3
        talk(plain(), """
                C: a UID MOVE 1,3 Trash
                S: * OK [COPYUID 3857529048 1,3 1:2] Moved
                S: * 3 EXPUNGE
                S: * 1 EXPUNGE
                S: a OK Moved
                C: b MOVE 1 INBOX
                S: b NO [CANNOT] {*}
                C: c MOVE 1 nothing
                S: c NO [TRYCREATE] {*}
                C: d UID MOVE 99 Trash
                S: d OK Moved
                """);
    }

    @Test
    void keywords_of_a_mailbox_are_bounded() throws IOException {
        server.inbox().add("A: 1\r\n\r\n", Flags.NONE);
        StringBuilder names = new StringBuilder("k0");
        for (int i = 1; i < Selection.MOST_KEYWORDS; i++) names.append(" k").append(i);
        MemoryLine line = server.select();
        talk(line, "C: a STORE 1 +FLAGS.SILENT (" + names + ")\nS+ a OK Stored");
        talk(line, """
                C: b STORE 1 +FLAGS (more)
                S: b NO [LIMIT] {*}
                C: c STORE 1 +FLAGS.SILENT (K0)
                S: c OK Stored
                C: d APPEND INBOX (more) {4+}
                C: A: 1
                S: d NO [LIMIT] {*}
                C: e CREATE other
                S: e OK {*}
                C: f APPEND other (more) {4+}
                C: A: 1
                S: f OK {*}
                C: g COPY 1 other
                S: g NO [LIMIT] {*}
                C: h EXAMINE other
                S+ h OK {*}
                C: i SELECT INBOX
                S+ i OK {*}
                """);
        MemoryLine full = server.login();
        full.send("a SELECT INBOX\r\n");
        assertThat(full.unread()).contains("PERMANENTFLAGS (").doesNotContain("\\*");
    }
}
