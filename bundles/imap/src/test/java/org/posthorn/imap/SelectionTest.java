package org.posthorn.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.posthorn.imap.Server.talk;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.testkit.MemoryLine;

class SelectionTest {

    private final Server server = new Server();

    @Test
    void select_tells_what_is_there() throws IOException {
        server.inbox().add("A: 1\r\n\r\n", Flags.of(Flags.SEEN));
        server.inbox().uidNext(4392);
        server.fred().deliver("A: 2\r\n\r\n");
        talk(server.login(), """
                C: a SELECT inbox
                S: * FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)
                S: * OK [PERMANENTFLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft \\*)] {*}
                S: * 2 EXISTS
                S: * 2 RECENT
                S: * OK [UNSEEN 2] First unseen
                S: * OK [UIDVALIDITY 3857529044] UIDs valid
                S: * OK [UIDNEXT 4393] Predicted next UID
                S: * OK [MAILBOXID (F00000000e5ed38d4)] {*}
                S: * OK [URLMECH INTERNAL] {*}
                S: * OK [HIGHESTMODSEQ 3] Highest
                S: a OK [READ-WRITE] Selected
                C: b FETCH 1:* FLAGS
                S: * 1 FETCH (FLAGS (\\Seen \\Recent))
                S: * 2 FETCH (FLAGS (\\Recent))
                S: b OK {*}
                """);
        talk(server.login(), """
                C: a EXAMINE INBOX
                S: * FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)
                S: * OK [PERMANENTFLAGS ()] Read-only
                S: * 2 EXISTS
                S: * 0 RECENT
                S: * OK [UNSEEN 2] First unseen
                S+ a OK [READ-ONLY] {*}
                C: b STORE 1 +FLAGS (\\Seen)
                S: b NO [READ-ONLY] {*}
                C: c EXPUNGE
                S: c NO [READ-ONLY] {*}
                C: d MOVE 1 Trash
                S: d NO [READ-ONLY] {*}
                """);
    }

    @Test
    void select_that_fails_leaves_nothing_selected() throws IOException {
        talk(
                server.select(),
                "C: a SELECT nothing\nS: * OK [CLOSED] {*}\nS: a NO {*}\nC: b CHECK\nS: b BAD Not now: select a mailbox first");
    }

    @Test
    void close_expunges_and_unselect_does_not() throws IOException {
        server.inbox().add("A: 1\r\n\r\n", Flags.of(Flags.DELETED));
        talk(
                server.select(),
                "C: a UNSELECT\nS: a OK {*}\nC: b STATUS INBOX (MESSAGES)\nS: * STATUS INBOX (MESSAGES 1)\nS: b OK {*}");
        talk(
                server.login(),
                "C: a EXAMINE INBOX\nS+ a OK {*}\nC: b CLOSE\nS: b OK {*}\nC: c STATUS INBOX (MESSAGES)\nS: * STATUS INBOX (MESSAGES 1)\nS: c OK {*}");
        talk(
                server.select(),
                "C: a CLOSE\nS: a OK {*}\nC: b STATUS INBOX (MESSAGES)\nS: * STATUS INBOX (MESSAGES 0)\nS: b OK {*}");
    }

    @Test
    void new_mail_is_recent_to_one_session_only() throws IOException {
        MemoryLine first = server.select();
        MemoryLine second = server.select();
        server.fred().deliver("A: 1\r\n\r\n");
        talk(first, "C: a NOOP\nS: * 1 EXISTS\nS: * 1 RECENT\nS: a OK {*}");
        talk(second, "C: a NOOP\nS: * 1 EXISTS\nS: * 0 RECENT\nS: a OK {*}");
    }

    @Test
    void what_has_happened_is_told_though_nothing_can_be_claimed() throws IOException {
        for (int i = 0; i < 3; i++) server.fred().deliver("A: 1\r\n\r\n");
        MemoryLine line = server.select();
        server.inbox().unclaimable(new IOException("No space left on device"));
        server.inbox().expunge(UidSet.of(1));
        server.fred().deliver("A: 2\r\n\r\n");
        talk(line, """
                C: a NOOP
                S: * 1 EXPUNGE
                S: * 3 EXISTS
                S: * 3 RECENT
                S: a OK {*}
                C: b FETCH 3 (UID FLAGS)
                S: * 3 FETCH (UID 4 FLAGS (\\Recent))
                S: b OK {*}
                """);
    }

    @Test
    void expunge_by_another_session_is_not_told_while_numbers_are_in_use() throws IOException {
        for (int i = 0; i < 4; i++) server.inbox().add("A: 1\r\n\r\n", Flags.of(Flags.SEEN));
        MemoryLine first = server.select();
        MemoryLine second = server.select();
        talk(first, """
                C: a STORE 2:3 +FLAGS.SILENT (\\Deleted)
                S: a OK Stored
                C: b EXPUNGE
                S: * 3 EXPUNGE
                S: * 2 EXPUNGE
                S: b OK Expunged
                """);
        talk(second, """
                C: a FETCH 1,4 UID
                S: * 1 FETCH (UID 1)
                S: * 4 FETCH (UID 4)
                S: a OK Fetched
                C: b FETCH 2:4 UID
                S: * 4 FETCH (UID 4)
                S: b NO [EXPUNGEISSUED] {*}
                C: c SEARCH ALL
                S: * SEARCH 1 4
                S: c OK {*}
                C: d STORE 2,4 +FLAGS (\\Flagged)
                S: * 4 FETCH (FLAGS (\\Flagged \\Seen))
                S: d NO [EXPUNGEISSUED] {*}
                C: e UID FETCH 4 FLAGS
                S: * 4 FETCH (UID 4 FLAGS (\\Flagged \\Seen))
                S: * 3 EXPUNGE
                S: * 2 EXPUNGE
                S: e OK Fetched
                C: f FETCH 2 UID
                S: * 2 FETCH (UID 4)
                S: f OK Fetched
                C: g FETCH 3 UID
                S: g BAD {*}
                """);
        talk(first, "C: c NOOP\nS: * 2 FETCH (FLAGS (\\Flagged \\Seen \\Recent))\nS: c OK {*}");
    }

    @Test
    void mailbox_that_forgot_what_it_removed_is_compared() throws IOException {
        for (int i = 0; i < 5; i++) server.inbox().add("A: 1\r\n\r\n", Flags.NONE);
        MemoryLine line = server.select();
        server.inbox().forget();
        server.inbox().expunge(UidSet.range(2, 3));
        talk(line, "C: a NOOP\nS: * 3 EXPUNGE\nS: * 2 EXPUNGE\nS: a OK {*}");
    }

    @Test
    void of_messages_some_of_which_are_gone_none_is_copied_or_moved() throws IOException {
        for (int i = 0; i < 4; i++) server.inbox().add("A: 1\r\n\r\n", Flags.NONE);
        MemoryLine first = server.select();
        MemoryLine second = server.select();
        MemoryLine third = server.select();
        talk(first, "C: a CREATE Old\nS+ a OK {*}\nC: b STORE 2:3 +FLAGS.SILENT (\\Deleted)\nS+ b OK {*}");
        talk(first, "C: c EXPUNGE\nS+ c OK {*}");
        talk(second, "C: a COPY 1:2 Old\nS+ a NO [EXPUNGEISSUED] Some of the messages are gone");
        talk(third, "C: a MOVE 2 Old\nS+ a NO [EXPUNGEISSUED] Some of the messages are gone");
        talk(second, "C: b STATUS Old (MESSAGES)\nS: * STATUS Old (MESSAGES 0)\nS: b OK {*}");
        talk(second, "C: c UID COPY 1:3 Old\nS: c OK [COPYUID {*} 1 1] Copied");
    }

    @Test
    void new_keyword_is_told_before_it_is_seen() throws IOException {
        server.fred().deliver("A: 1\r\n\r\n");
        MemoryLine first = server.select();
        MemoryLine second = server.select();
        talk(first, """
                C: a STORE 1 FLAGS ($Forwarded)
                S: * FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft $Forwarded)
                S: * OK [PERMANENTFLAGS {*}
                S: * 1 FETCH (FLAGS ($Forwarded \\Recent))
                S+ a OK Stored
                """);
        talk(second, """
                C: a NOOP
                S: * FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft $Forwarded)
                S: * OK [PERMANENTFLAGS {*}
                S: * 1 FETCH (FLAGS ($Forwarded))
                S: a OK {*}
                """);
    }

    @Test
    void deleted_mailbox_ends_the_talk_of_others() throws IOException {
        talk(server.login(), "C: a CREATE x\nS: a OK {*}");
        MemoryLine first = server.login();
        MemoryLine second = server.login();
        for (MemoryLine line : new MemoryLine[] {first, second}) talk(line, "C: a SELECT x\nS+ a OK {*}");
        talk(
                first,
                "C: b DELETE x\nS: b OK {*}\nC: c NOOP\nS: c OK {*}\nC: d CREATE x\nS: d OK {*}\nC: e CHECK\nS: e BAD {*}");
        server.fred().box("x").add("A: 1\r\n\r\n", Flags.NONE);
        talk(second, "C: b NOOP\nS: * BYE The selected mailbox has been replaced by another\nS!");
        MemoryLine third = server.login();
        talk(third, "C: a SELECT x\nS+ a OK {*}");
        server.fred().delete("x");
        talk(third, "C: b NOOP\nS: * BYE {*}\nS!");
    }

    @Test
    void idle_tells_news_as_they_come() throws IOException {
        MemoryLine idle = server.select();
        talk(idle, "C: a IDLE\nS: + idling");
        server.fred().deliver("A: 1\r\n\r\n");
        talk(idle, "S: * 1 EXISTS\nS: * 1 RECENT");
        MemoryLine other = server.select();
        talk(other, "C: a STORE 1 +FLAGS (\\Deleted)\nS+ a OK {*}");
        talk(idle, "S: * 1 FETCH (FLAGS (\\Deleted \\Recent))");
        talk(other, "C: b EXPUNGE\nS: * 1 EXPUNGE\nS: b OK {*}");
        talk(idle, "S: * 1 EXPUNGE\nC: DONE\nS: a OK Idle is over");
        assertThat(server.inbox().watchers()).isZero();
        talk(idle, "C: b IDLE\nS: + idling\nC: NOOP\nS: b BAD Expected DONE");
    }

    @Test
    void silent_idle_hears_every_two_minutes_that_the_server_is_there() throws IOException {
        List<Duration> times = new ArrayList<>();
        List<CompletableFuture<Void>> pauses = new ArrayList<>();
        Function<Duration, CompletionStage<Void>> pause = time -> {
            times.add(time);
            pauses.add(new CompletableFuture<>());
            return pauses.get(pauses.size() - 1);
        };
        MemoryLine idle = new Server(Path.of("target", "data"), pause, System::nanoTime).select();
        talk(idle, "C: a IDLE\nS: + idling");
        pauses.get(0).complete(null);
        talk(idle, "S: * OK Still here");
        pauses.get(1).complete(null);
        talk(idle, "S: * OK Still here\nC: DONE\nS: a OK Idle is over");
        assertThat(times).hasSize(3).containsOnly(Duration.ofMinutes(2));
        // A timer that went on would keep the bundle in memory.
        assertThat(pauses.get(2)).isCancelled();
        assertThat(idle.unread()).isEmpty();
    }

    @Test
    void idle_ends_with_its_connection() throws IOException {
        MemoryLine idle = server.select();
        talk(idle, "C: a IDLE\nS: + idling");
        assertThat(server.inbox().watchers()).isOne();
        idle.close();
        assertThat(server.inbox().watchers()).isZero();
    }

    @Test
    void session_goes_on_in_another_version() throws IOException {
        for (int i = 0; i < 3; i++) server.inbox().add("A: 1\r\n\r\n", Flags.NONE);
        MemoryLine line = server.select();
        server.inbox().expunge(UidSet.of(2));
        talk(line, """
                C: a SEARCH 1:3
                S: * SEARCH 1 3
                S: a OK {*}
                C: b IDLE
                S: + idling
                S: * 2 EXPUNGE
                """);
        var state = line.conversation().suspend().orElseThrow();
        var old = line.conversation();
        line.resume(server.protocol, state);
        old.closed();
        server.fred().deliver("A: 1\r\n\r\n");
        talk(line, "S: * 3 EXISTS\nS: * 3 RECENT\nC: DONE\nS: b OK Idle is over");
        talk(
                line,
                "C: c FETCH 2:3 (UID FLAGS)\nS: * 2 FETCH (UID 3 FLAGS (\\Recent))\nS: * 3 FETCH (UID 4 FLAGS (\\Recent))\nS: c OK {*}");
        MemoryLine fresh = server.connect();
        fresh.resume(server.protocol, fresh.conversation().suspend().orElseThrow());
        talk(fresh, "C: a NOOP\nS: a OK {*}\nC: b AUTHENTICATE PLAIN\nS: + ");
        assertThat(fresh.conversation().suspend()).isEmpty();
    }

    @Test
    void command_waits_for_mailboxes_that_are_being_replaced_and_is_then_refused() throws Exception {
        MemoryLine line = server.select();
        server.protocol.unbindStore(server.store);
        talk(line, "C: a NOOP\nS: a NO [UNAVAILABLE] {*}\nC: b CAPABILITY\nS+ b OK {*}");
        server.protocol.bindStore(server.store, Map.of());
        talk(line, "C: c NOOP\nS: c OK {*}");
    }

    @Test
    void idle_goes_on_when_the_mailboxes_are_replaced() throws IOException {
        MemoryLine idle = server.select();
        talk(idle, "C: a IDLE\nS: + idling");
        server.protocol.unbindStore(server.store);
        assertThat(idle.unread()).isEmpty();
        assertThat(server.inbox().watchers()).isZero();
        server.fred().deliver("A: 1\r\n\r\n");
        server.protocol.bindStore(server.store, Map.of());
        talk(idle, "S: * 1 EXISTS\nS: * 1 RECENT\nC: DONE\nS: a OK Idle is over");
    }
}
