package org.posthorn.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.posthorn.imap.Server.talk;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.api.mailbox.FlagChange;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.api.net.Listener;
import org.posthorn.mime.StoredMessage;
import org.posthorn.testkit.MemoryLine;

/** CONTEXT=SEARCH and CONTEXT=SORT, RFC 5267 4. */
class ContextTest {

    /** Its clock stands still: no turn ends, however slow the machine is. */
    private final Server server = new Server(Path.of("target", "data"), d -> new CompletableFuture<>(), () -> 0);

    private void messages(int count) throws IOException {
        for (int i = 0; i < count; i++) server.inbox().add("Subject: x\r\n\r\n", Flags.NONE);
    }

    private void put(String subject) throws IOException {
        server.inbox()
                .append(
                        StoredMessage.of("Subject: " + subject + "\r\n\r\n"),
                        Flags.NONE,
                        Instant.parse("2001-01-01T00:00:00Z"));
    }

    private void flag(UidSet uids, FlagChange.Kind kind, int flag) {
        server.inbox().store(uids, new FlagChange(kind, Flags.of(flag)), OptionalLong.empty());
    }

    private void flag(long uid, int flag) {
        flag(UidSet.of(uid), FlagChange.Kind.ADD, flag);
    }

    @Test
    void hint_changes_nothing() throws IOException {
        messages(2);
        talk(server.select(), """
                C: A01 SEARCH RETURN (CONTEXT COUNT) UNDELETED UNKEYWORD $Junk
                S: * ESEARCH (TAG "A01") COUNT 2
                S: A01 OK {*}
                C: A02 UID SEARCH RETURN (PARTIAL 2:4) UNDELETED UNKEYWORD $Junk
                S: * ESEARCH (TAG "A02") UID PARTIAL (2:4 2)
                S: A02 OK {*}
                C: A04 UID SEARCH RETURN (CONTEXT PARTIAL 500:400) UNDELETED UNKEYWORD $Junk
                S: * ESEARCH (TAG "A04") UID PARTIAL (500:400 NIL)
                S: A04 OK {*}
                C: A05 SEARCH RETURN (PARTIAL 1:2 PARTIAL 3:4) ALL
                S: A05 BAD {*}
                """);
        flag(1, Flags.DELETED);
        talk(server.select(), "C: A06 NOOP\nS: A06 OK {*}");
    }

    @Test
    void answer_follows_flags_new_mail_and_expunges() throws IOException {
        messages(4);
        flag(3, Flags.DELETED);
        MemoryLine line = server.select();
        talk(line, """
                C: B01 UID SEARCH RETURN (UPDATE COUNT) DELETED
                S: * ESEARCH (TAG "B01") UID COUNT 1
                S: B01 OK {*}
                C: B01 UID SEARCH RETURN (UPDATE) FLAGGED
                S: B01 BAD {*}
                """);
        MemoryLine other = server.select();
        talk(other, "C: a STORE 1:2 +FLAGS.SILENT (\\Deleted)\nS: a OK Stored");
        talk(line, """
                C: B02 NOOP
                S: * 1 FETCH (FLAGS (\\Deleted \\Recent))
                S: * 2 FETCH (FLAGS (\\Deleted \\Recent))
                S: * ESEARCH (TAG "B01") UID ADDTO (0 1:2)
                S: B02 OK {*}
                """);
        server.inbox().add("Subject: y\r\n\r\n", Flags.of(Flags.DELETED));
        flag(UidSet.of(2), FlagChange.Kind.REMOVE, Flags.DELETED);
        talk(line, """
                C: B03 NOOP
                S: * 5 EXISTS
                S: * 5 RECENT
                S: * 2 FETCH (FLAGS (\\Recent))
                S: * ESEARCH (TAG "B01") UID ADDTO (0 5) REMOVEFROM (0 2)
                S: B03 OK {*}
                """);
        server.inbox().expunge(UidSet.range(1, 3));
        talk(line, """
                C: B04 SEARCH ALL
                S: * SEARCH 4 5
                S: * ESEARCH (TAG "B01") UID REMOVEFROM (0 1,3)
                S: B04 OK {*}
                C: B05 NOOP
                S: * 3 EXPUNGE
                S: * 2 EXPUNGE
                S: * 1 EXPUNGE
                S: B05 OK {*}
                C: B06 CANCELUPDATE "B01" "never"
                S: B06 OK No further updates
                """);
        flag(4, Flags.DELETED);
        talk(line, "C: B07 NOOP\nS: * 1 FETCH (FLAGS (\\Deleted \\Recent))\nS: B07 OK {*}");
    }

    @Test
    void numbers_are_those_before_the_expunge_and_behind_the_exists() throws IOException {
        messages(3);
        MemoryLine line = server.select();
        talk(line, "C: a SEARCH RETURN (UPDATE) ALL\nS: * ESEARCH (TAG \"a\")\nS: a OK {*}");
        server.inbox().expunge(UidSet.of(2));
        messages(1);
        talk(line, """
                C: b NOOP
                S: * ESEARCH (TAG "a") REMOVEFROM (0 2)
                S: * 2 EXPUNGE
                S: * 3 EXISTS
                S: * 3 RECENT
                S: * ESEARCH (TAG "a") ADDTO (0 3)
                S: b OK {*}
                """);
    }

    @Test
    void own_command_brings_updates_as_well() throws IOException {
        messages(2);
        talk(server.select(), """
                C: a UID SEARCH RETURN (UPDATE SAVE) FLAGGED
                S: a OK {*}
                C: b STORE 2 +FLAGS.SILENT (\\Flagged)
                S: * ESEARCH (TAG "a") UID ADDTO (0 2)
                S: b OK Stored
                C: c UID SEARCH RETURN (UPDATE ALL) FLAGGED
                S: * ESEARCH (TAG "c") UID ALL 2
                S: c OK {*}
                C: d STORE 2 -FLAGS (\\Flagged)
                S: * 2 FETCH (FLAGS (\\Recent))
                S: * ESEARCH (TAG "a") UID REMOVEFROM (0 2)
                S: * ESEARCH (TAG "c") UID REMOVEFROM (0 2)
                S: d OK Stored
                C: e UNSELECT
                S: e OK {*}
                C: f CANCELUPDATE "a"
                S: f BAD {*}
                C: g EXAMINE INBOX
                S+ g OK {*}
                """);
    }

    @Test
    void client_that_idles_is_told_at_once() throws IOException {
        messages(1);
        MemoryLine idle = server.select();
        talk(idle, """
                C: a UID SEARCH RETURN (UPDATE COUNT) SUBJECT hello
                S: * ESEARCH (TAG "a") UID COUNT 0
                S: a OK {*}
                C: b IDLE
                S: + idling
                """);
        put("hello");
        talk(idle, "S: * 2 EXISTS\nS: * 2 RECENT\nS: * ESEARCH (TAG \"a\") UID ADDTO (0 2)");
        MemoryLine other = server.select();
        talk(other, "C: a STORE 2 +FLAGS.SILENT (\\Deleted)\nS: a OK {*}\nC: b EXPUNGE\nS: * 2 EXPUNGE\nS: b OK {*}");
        talk(idle, """
                S: * ESEARCH (TAG "a") UID REMOVEFROM (0 2)
                S: * 2 EXPUNGE
                C: DONE
                S: b OK {*}
                """);
    }

    @Test
    void sorted_answer_is_told_with_positions() throws IOException {
        for (String subject : List.of("delta", "bravo", "foxtrot")) put(subject);
        MemoryLine line = server.select();
        talk(line, """
                C: a UID SORT RETURN (UPDATE ALL) (SUBJECT) UTF-8 UNDELETED
                S: * ESEARCH (TAG "a") UID ALL 2,1,3
                S: a OK {*}
                """);
        for (String subject : List.of("charlie", "golf", "alpha", "hotel", "Re: delta")) put(subject);
        talk(line, """
                C: b NOOP
                S: * 8 EXISTS
                S: * 8 RECENT
                S: * ESEARCH (TAG "a") UID ADDTO (2 4 5 5 1 6 7 7 5 8)
                S: b OK {*}
                """);
        // alpha 6, bravo 2, charlie 4, delta 1, delta 8, foxtrot 3, golf 5, hotel 7
        server.inbox().expunge(UidSet.of(3));
        flag(UidSet.ofUids(LongStream.of(1, 4, 6)), FlagChange.Kind.ADD, Flags.DELETED);
        talk(line, """
                C: c NOOP
                S: * ESEARCH (TAG "a") UID REMOVEFROM (6 3)
                S: * 3 EXPUNGE
                S: * 1 FETCH (FLAGS (\\Deleted \\Recent))
                S: * 3 FETCH (FLAGS (\\Deleted \\Recent))
                S: * 5 FETCH (FLAGS (\\Deleted \\Recent))
                S: * ESEARCH (TAG "a") UID REMOVEFROM (3 4,1 1 6)
                S: c OK {*}
                C: d UID SORT RETURN (ALL) (SUBJECT) UTF-8 UNDELETED
                S: * ESEARCH (TAG "d") UID ALL 2,8,5,7
                S: d OK {*}
                """);
    }

    @Test
    void neighbours_are_told_together_and_by_number() throws IOException {
        messages(1);
        MemoryLine line = server.select();
        talk(line, """
                C: a SORT RETURN (UPDATE COUNT) (SIZE REVERSE ARRIVAL) UTF-8 ALL
                S: * ESEARCH (TAG "a") COUNT 1
                S: a OK {*}
                """);
        messages(3);
        talk(line, "C: b NOOP\nS: * 4 EXISTS\nS: * 4 RECENT\nS: * ESEARCH (TAG \"a\") ADDTO (2 2:4)\nS: b OK {*}");
        server.inbox().expunge(UidSet.range(2, 3));
        talk(line, "C: c CHECK\nS: * ESEARCH (TAG \"a\") REMOVEFROM (2 2:3)\nS+ * 2 EXPUNGE\nS: c OK {*}");
    }

    @Test
    void random_changes_lead_to_what_a_new_search_finds() throws IOException {
        Random random = new Random(7);
        MemoryLine line = server.select();
        talk(line, """
                C: a UID SORT RETURN (UPDATE COUNT) (REVERSE SUBJECT) UTF-8 UNFLAGGED
                S: * ESEARCH (TAG "a") UID COUNT 0
                S: a OK {*}
                """);
        List<Long> known = new ArrayList<>();
        for (int round = 0; round < 60; round++) {
            for (int i = random.nextInt(5); i > 0; i--) put("s" + random.nextInt(10));
            long last = server.inbox().status().uidNext() - 1;
            for (int i = 0; i < 3 && last > 0; i++) {
                UidSet one = UidSet.of(1 + random.nextLong(last));
                if (random.nextInt(4) == 0) server.inbox().expunge(one);
                else flag(one, random.nextBoolean() ? FlagChange.Kind.ADD : FlagChange.Kind.REMOVE, Flags.FLAGGED);
            }
            line.send("n NOOP\r\n");
            for (String told = line.read(); !told.startsWith("n "); told = line.read())
                if (told.startsWith("* ESEARCH")) follow(known, told);
            line.send("s UID SORT RETURN (ALL) (REVERSE SUBJECT) UTF-8 UNFLAGGED\r\n");
            String found = line.read().replace("* ESEARCH (TAG \"s\") UID", "").replace(" ALL ", "");
            assertThat(known).isEqualTo(numbers(found));
            line.read();
        }
    }

    /** Does what a client does. */
    private static void follow(List<Long> known, String told) {
        Matcher items = Pattern.compile("(ADDTO|REMOVEFROM) \\(([^)]*)\\)").matcher(told);
        while (items.find()) {
            String[] words = items.group(2).split(" ");
            for (int i = 0; i < words.length; i += 2) {
                int at = Integer.parseInt(words[i]) - 1;
                List<Long> uids = numbers(words[i + 1]);
                if (items.group(1).equals("ADDTO")) known.addAll(at, uids);
                else {
                    List<Long> there = known.subList(at, at + uids.size());
                    assertThat(there).isEqualTo(uids);
                    there.clear();
                }
            }
        }
    }

    private static List<Long> numbers(String set) {
        return Arrays.stream(set.split(","))
                .flatMapToLong(r -> Suspension.set(r).stream())
                .boxed()
                .toList();
    }

    @Test
    void numbers_in_the_keys_are_those_when_the_command_came_and_uids_are_not() throws IOException {
        messages(3);
        MemoryLine line = server.select();
        talk(line, """
                C: a UID SEARCH RETURN (UPDATE ALL) 2:*
                S: * ESEARCH (TAG "a") UID ALL 2:3
                S: a OK {*}
                C: b UID SEARCH RETURN (UPDATE ALL) UID 4:*
                S: * ESEARCH (TAG "b") UID ALL 3
                S: b OK {*}
                C: c UID SEARCH RETURN (UPDATE ALL) NOT UID *
                S: * ESEARCH (TAG "c") UID ALL 1:2
                S: c OK {*}
                """);
        messages(1);
        server.inbox().expunge(UidSet.of(1));
        talk(line, """
                C: d NOOP
                S: * ESEARCH (TAG "c") UID REMOVEFROM (0 1)
                S: * 1 EXPUNGE
                S: * 3 EXISTS
                S: * 3 RECENT
                S: * ESEARCH (TAG "b") UID ADDTO (0 4) REMOVEFROM (0 3)
                S: * ESEARCH (TAG "c") UID ADDTO (0 3)
                S: d OK {*}
                """);
        server.inbox().expunge(UidSet.of(4));
        talk(line, """
                C: e NOOP
                S: * ESEARCH (TAG "b") UID REMOVEFROM (0 4)
                S: * 3 EXPUNGE
                S: * ESEARCH (TAG "b") UID ADDTO (0 3)
                S: * ESEARCH (TAG "c") UID REMOVEFROM (0 3)
                S: e OK {*}
                """);
    }

    @Test
    void session_goes_on_with_its_searches_in_another_version() throws IOException {
        for (String subject : List.of("b", "d", "f")) put(subject);
        MemoryLine line = server.select();
        talk(line, """
                C: a UID SORT RETURN (UPDATE) (REVERSE SUBJECT ARRIVAL) UTF-8 OR UID 2:* KEYWORD none
                S: * ESEARCH (TAG "a") UID
                S: a OK {*}
                C| b SEARCH RETURN (UPDATE) 2:* NOT 3 SUBJECT {1+}\\r\\nD FLAGGED\\r\\n
                S: * ESEARCH (TAG "b")
                S: b OK {*}
                C: c SEARCH RETURN (UPDATE) 1 DELETED
                S: * ESEARCH (TAG "c")
                S: c OK {*}
                """);
        server.inbox().expunge(UidSet.of(1));
        talk(line, "C: d NOOP\nS: * 1 EXPUNGE\nS: d OK {*}");
        var page = line.conversation().suspend().orElseThrow();
        assertThat(page.version()).isEqualTo(3);
        line.resume(server.protocol, page);
        put("e");
        flag(2, Flags.FLAGGED);
        flag(3, Flags.FLAGGED);
        talk(line, """
                C: e NOOP
                S: * 3 EXISTS
                S: * 3 RECENT
                S: * 1 FETCH (FLAGS (\\Flagged \\Recent))
                S: * 2 FETCH (FLAGS (\\Flagged \\Recent))
                S: * ESEARCH (TAG "a") UID ADDTO (2 4)
                S: * ESEARCH (TAG "b") ADDTO (0 1)
                S: e OK {*}
                C: f SEARCH RETURN (UPDATE) ALL
                S: * ESEARCH (TAG "f")
                S: f OK {*}
                C: f SEARCH RETURN (UPDATE) ALL
                S: f BAD {*}
                C: g CANCELUPDATE "a" "b" "c" "f"
                S: g OK {*}
                """);
        assertThat(line.conversation().suspend().orElseThrow().version()).isEqualTo(1);
    }

    /** Its turns end with the first message, and so do the pauses behind them at once. */
    private static Server breathing(List<Duration> pauses) {
        AtomicLong time = new AtomicLong();
        return new Server(
                Path.of("target", "data"),
                d -> {
                    pauses.add(d);
                    return CompletableFuture.completedFuture(null);
                },
                () -> time.addAndGet(Duration.ofSeconds(6).toNanos()));
    }

    private static MemoryLine searching(Server server, String... tags) throws IOException {
        MemoryLine line = MemoryLine.to(
                server.protocol, new Listener("test", "imap", true, true), new InetSocketAddress("127.0.0.1", 40000));
        talk(line, """
                S: * OK {*}
                C: 0 LOGIN fred@example.org "foo bar"
                S: 0 OK {*}
                C: 1 SELECT INBOX
                S+ 1 OK {*}
                """);
        for (String tag : tags)
            talk(
                    line,
                    "C: " + tag + " UID SEARCH RETURN (UPDATE) BODY words\nS: * ESEARCH (TAG \"" + tag + "\") UID\nS: "
                            + tag + " OK {*}");
        return line;
    }

    @Test
    void what_takes_long_comes_in_turns_and_whole() throws IOException {
        List<Duration> pauses = new ArrayList<>();
        Server slow = breathing(pauses);
        MemoryLine line = searching(slow, "a");
        for (int i = 0; i < 4; i++) slow.inbox().add("Subject: x\r\n\r\nwords\r\n", Flags.NONE);
        talk(line, """
                C: b NOOP
                S: * 4 EXISTS
                S: * 4 RECENT
                S: * ESEARCH (TAG "a") UID ADDTO (0 1)
                S: * ESEARCH (TAG "a") UID ADDTO (0 2)
                S: * ESEARCH (TAG "a") UID ADDTO (0 3)
                S: * ESEARCH (TAG "a") UID ADDTO (0 4)
                S: b OK {*}
                """);
        assertThat(pauses).hasSize(3);
        talk(line, """
                C: c COPY 1:2 INBOX
                S: * 6 EXISTS
                S: * 6 RECENT
                S: * ESEARCH (TAG "a") UID ADDTO (0 5)
                S: * ESEARCH (TAG "a") UID ADDTO (0 6)
                S: c OK [COPYUID {*}] Copied
                """);
    }

    @Test
    void what_takes_long_comes_in_turns_in_idle_and_in_another_version() throws IOException {
        LinkedBlockingQueue<CompletableFuture<Void>> pauses = new LinkedBlockingQueue<>();
        Server slow = slow(pauses);
        MemoryLine line = searching(slow, "a");
        for (int i = 0; i < 4; i++) slow.inbox().add("Subject: x\r\n\r\nwords\r\n", Flags.NONE);
        talk(line, """
                C: d IDLE
                S: + idling
                S: * 4 EXISTS
                S: * 4 RECENT
                S: * ESEARCH (TAG "a") UID ADDTO (0 1)
                """);
        assertThat(line.unread()).isEmpty();
        pauses.clear();
        line.resume(slow.protocol, line.conversation().suspend().orElseThrow());
        talk(line, "S: * ESEARCH (TAG \"a\") UID ADDTO (0 2)");
        for (int uid = 3; uid <= 4; uid++) {
            assertThat(line.unread()).isEmpty();
            List.copyOf(pauses).forEach(p -> p.complete(null));
            talk(line, "S: * ESEARCH (TAG \"a\") UID ADDTO (0 " + uid + ")");
        }
        talk(line, "C: DONE\nS: d OK {*}");
    }

    /** A turn ends with the first message. */
    private static Server slow(LinkedBlockingQueue<CompletableFuture<Void>> pauses) {
        AtomicLong time = new AtomicLong();
        return new Server(
                Path.of("target", "data"),
                d -> pause(pauses, d),
                () -> time.addAndGet(Duration.ofSeconds(6).toNanos()));
    }

    @Test
    void searches_take_turns() throws IOException {
        Server slow = breathing(new ArrayList<>());
        MemoryLine line = searching(slow, "a", "b");
        for (int i = 0; i < 2; i++) slow.inbox().add("Subject: x\r\n\r\nwords\r\n", Flags.NONE);
        talk(line, """
                C: c NOOP
                S: * 2 EXISTS
                S: * 2 RECENT
                S: * ESEARCH (TAG "a") UID ADDTO (0 1)
                S: * ESEARCH (TAG "b") UID ADDTO (0 1)
                S: * ESEARCH (TAG "a") UID ADDTO (0 2)
                S: * ESEARCH (TAG "b") UID ADDTO (0 2)
                S: c OK {*}
                """);
    }

    @Test
    void many_messages_are_looked_at_in_one_turn_if_it_is_long_enough() throws IOException {
        messages(2500);
        MemoryLine line = server.select();
        talk(line, """
                C: a UID SEARCH RETURN (UPDATE) FLAGGED
                S: * ESEARCH (TAG "a") UID
                S: a OK {*}
                C: b UID SORT RETURN (UPDATE) (ARRIVAL) UTF-8 FLAGGED
                S: * ESEARCH (TAG "b") UID
                S: b OK {*}
                """);
        flag(UidSet.range(1, 2500), FlagChange.Kind.ADD, Flags.FLAGGED);
        talk(line, """
                C: c NOOP
                S+ * ESEARCH (TAG "a") UID ADDTO (0 1:2500)
                S: * ESEARCH (TAG "b") UID ADDTO (1 1:2500)
                S: c OK {*}
                """);
    }

    @Test
    void what_is_recent_no_longer_goes_and_the_search_lives_on() throws IOException {
        messages(2);
        MemoryLine line = server.select();
        talk(line, """
                C: a UID SEARCH RETURN (UPDATE ALL) NEW
                S: * ESEARCH (TAG "a") UID ALL 1:2
                S: a OK {*}
                C: b ENABLE IMAP4rev2
                S: * ENABLED IMAP4rev2
                S: b OK {*}
                """);
        line.resume(server.protocol, line.conversation().suspend().orElseThrow());
        talk(line, """
                C: c NOOP
                S: * ESEARCH (TAG "a") UID REMOVEFROM (0 1:2)
                S: c OK {*}
                """);
    }

    /** Those that are short wait for the test, which alone knows when others have had their turn. */
    private static CompletionStage<Void> pause(LinkedBlockingQueue<CompletableFuture<Void>> pauses, Duration time) {
        CompletableFuture<Void> pause = new CompletableFuture<>();
        if (time.compareTo(Duration.ofSeconds(1)) < 0) pauses.add(pause);
        return pause;
    }

    @Test
    void number_of_searches_is_bounded() throws IOException {
        messages(1);
        MemoryLine line = server.select();
        for (int i = 0; i < 16; i++)
            talk(
                    line,
                    "C: t" + i + " SEARCH RETURN (UPDATE) FLAGGED\nS: * ESEARCH (TAG \"t" + i + "\")\nS: t" + i
                            + " OK {*}");
        talk(line, """
                C: B02 UID SORT RETURN (UPDATE COUNT) (ARRIVAL) UTF-8 KEYWORD $Junk
                S: * ESEARCH (TAG "B02") UID COUNT 0
                S: * NO [NOUPDATE "B02"] {*}
                S: B02 OK {*}
                C: c CANCELUPDATE "t0"
                S: c OK {*}
                C: B02 UID SORT RETURN (UPDATE COUNT) (ARRIVAL) UTF-8 KEYWORD $Junk
                S: * ESEARCH (TAG "B02") UID COUNT 0
                S: B02 OK {*}
                """);
    }

    @Test
    void what_they_keep_is_bounded() throws IOException {
        MemoryLine line = server.select();
        String large = "OR DELETED UNDELETED ".repeat(3) + "NOT HEADER " + "x".repeat(60_000) + " x";
        for (int i = 0; i < 10; i++) {
            line.send("t" + i + " SEARCH RETURN (UPDATE) " + large + "\r\n");
            line.read();
            if (line.read().startsWith("* NO [NOUPDATE")) {
                assertThat(i).isGreaterThan(2);
                return;
            }
        }
        throw new AssertionError("never refused");
    }

    @Test
    void one_may_be_large() throws IOException {
        messages(600);
        server.inbox().expunge(UidSet.ofUids(LongStream.range(1, 300).map(i -> 2 * i)));
        MemoryLine line = server.select();
        String keys = "1:*" + " 1:*".repeat(299);
        for (String tag : List.of("a", "b")) line.send(tag + " UID SEARCH RETURN (UPDATE COUNT) " + keys + "\r\n");
        talk(line, """
                S: * ESEARCH (TAG "a") UID COUNT 301
                S: a OK {*}
                S: * ESEARCH (TAG "b") UID COUNT 301
                S: * NO [NOUPDATE "b"] {*}
                S: b OK {*}
                """);
        talk(line, "C: c SEARCH" + " 1:*".repeat(1000) + "\nS+ c OK {*}");
    }

    @Test
    void search_that_names_all_again_and_again_is_refused() throws IOException {
        messages(4000);
        server.inbox().expunge(UidSet.ofUids(LongStream.range(1, 2000).map(i -> 2 * i)));
        talk(server.select(), "C: c SEARCH" + " 1:*".repeat(600) + "\nS: c NO [LIMIT] {*}");
    }

    @Test
    void the_largest_ends_when_they_grow_too_large() throws IOException {
        messages(2000);
        MemoryLine line = server.select();
        String large = "HEADER " + "x".repeat(64_900) + " x";
        for (int i = 0; i < 5; i++)
            talk(
                    line,
                    "C: t" + i + " UID SEARCH RETURN (UPDATE) " + large + "\nS: * ESEARCH {*}\nS: t" + i + " OK {*}");
        talk(line, "C: a UID SEARCH RETURN (UPDATE) FLAGGED\nS: * ESEARCH {*}\nS: a OK {*}");
        flag(UidSet.ofUids(LongStream.range(1, 1000).map(i -> 2 * i)), FlagChange.Kind.ADD, Flags.FLAGGED);
        talk(line, """
                C: b NOOP
                S+ * ESEARCH (TAG "a") UID ADDTO {*}
                S: * NO [NOUPDATE "t0"] {*}
                S: b OK {*}
                C: c NOOP
                S: c OK {*}
                """);
    }

    @ParameterizedTest
    @ValueSource(strings = {"YOUNGER 3600", "NOT OLDER 3600"})
    void what_changes_with_the_time_is_not_kept_up_to_date(String key) throws IOException {
        talk(server.select(), "C: a SEARCH RETURN (UPDATE ALL) " + key + """

                S: * ESEARCH (TAG "a")
                S: * NO [NOUPDATE "a"] {*}
                S: a OK {*}
                """);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", " atom", " \"a\" ", " \"a\"x", " \"a\",\"b\""})
    void wrong_cancel_is_refused(String arguments) throws IOException {
        talk(server.select(), "C: a CANCELUPDATE" + arguments + "\nS: a BAD {*}");
    }

    @Test
    void three_sessions_see_the_same_from_their_own_side() throws IOException {
        messages(2);
        MemoryLine seen = server.select();
        MemoryLine unseen = server.select();
        MemoryLine neither = server.select();
        talk(seen, "C: a UID SEARCH RETURN (UPDATE) SEEN\nS: * ESEARCH (TAG \"a\") UID\nS: a OK {*}");
        talk(unseen, "C: a UID SEARCH RETURN (UPDATE) UNSEEN\nS: * ESEARCH (TAG \"a\") UID\nS: a OK {*}");
        talk(neither, "C: a STORE 2 +FLAGS.SILENT (\\Seen)\nS: a OK {*}");
        talk(seen, "C: b NOOP\nS+ * ESEARCH (TAG \"a\") UID ADDTO (0 2)\nS: b OK {*}");
        talk(unseen, "C: b NOOP\nS+ * ESEARCH (TAG \"a\") UID REMOVEFROM (0 2)\nS: b OK {*}");
        assertThat(Map.of("seen", seen.unread(), "unseen", unseen.unread()).values())
                .containsOnly("");
    }
}
