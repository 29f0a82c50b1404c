package org.posthorn.mailbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.posthorn.mailbox.Post.message;
import static org.posthorn.mailbox.Post.text;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.api.mailbox.Changes;
import org.posthorn.api.mailbox.Copied;
import org.posthorn.api.mailbox.Draft;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.FlagChange;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.api.mailbox.Status;
import org.posthorn.api.mailbox.Stored;
import org.posthorn.api.mailbox.UidSet;

class MailboxesTest {

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void what_was_appended_is_read_back_byte_by_byte_after_a_restart(String format) throws Exception {
        String body = "Subject: x\r\n\r\nFrom here\r\n>From there\r\n.\r\n\r\n";
        Instant date = Instant.ofEpochSecond(1_000_000_000);
        try (Post post = new Post(format, directory)) {
            Flags flags = Flags.named(List.of("\\Seen", "\\Flagged", "Work", "$Forwarded"));
            Entry entry = post.inbox().append(message(body), flags, date);
            Status before = post.inbox().status();
            for (int round = 0; round < 2; round++) {
                assertThat(post.inbox().entries(UidSet.ALL)).containsExactly(entry);
                assertThat(text(post.inbox().message(entry.uid()).orElseThrow()))
                        .isEqualTo(body);
                assertThat(post.inbox().status()).isEqualTo(before);
                post.restart();
            }
            assertThat(entry.size()).isEqualTo(body.length());
            assertThat(entry.internalDate()).isEqualTo(date);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void any_date_of_four_digits_is_kept(String format) throws Exception {
        List<Instant> dates = Stream.of(
                        "2200-01-01T00:00:00Z", "1950-06-01T12:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z")
                .map(Instant::parse)
                .toList();
        try (Post post = new Post(format, directory)) {
            for (Instant date : dates) post.inbox().append(message("a: b\r\n\r\n"), Flags.NONE, date);
            post.inbox().append(message("a: b\r\n\r\n"), Flags.NONE, Instant.MAX);
            post.inbox().append(message("a: b\r\n\r\n"), Flags.NONE, Instant.MIN);
            for (int round = 0; round < 2; round++) {
                List<Instant> kept = post.inbox().entries(UidSet.ALL).stream()
                        .map(Entry::internalDate)
                        .toList();
                assertThat(kept.subList(0, 4)).isEqualTo(dates);
                assertThat(kept.subList(4, 6)).containsExactly(dates.get(3), dates.get(2));
                post.restart();
            }
            post.inbox().copy(UidSet.ALL, post.mailbox("Sent"));
            assertThat(post.mailbox("Sent").entries(UidSet.ALL).get(0).internalDate())
                    .isEqualTo(dates.get(0));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void several_are_appended_or_none(String format) throws Exception {
        try (Post post = new Post(format, directory)) {
            Mailbox inbox = post.inbox();
            List<Draft> drafts = IntStream.rangeClosed(1, 3)
                    .mapToObj(i -> new Draft(message("a: " + i + "\r\n\r\n"), Flags.of(Flags.SEEN), Instant.EPOCH))
                    .toList();
            for (String call : List.of("stage", "force")) {
                post.faults.fail(call, call.equals("stage") ? 2 : 0);
                assertThatThrownBy(() -> inbox.append(drafts)).isInstanceOf(IOException.class);
                post.faults.end();
                assertThat(inbox.entries(UidSet.ALL)).isEmpty();
            }
            List<Entry> entries = inbox.append(drafts);
            assertThat(entries).extracting(Entry::uid).isSorted().hasSize(3);
            post.restart();
            assertThat(post.inbox().entries(UidSet.ALL)).isEqualTo(entries);
            assertThat(text(post.inbox().message(entries.get(2).uid()).orElseThrow()))
                    .isEqualTo("a: 3\r\n\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void store_changes_what_changed_and_leaves_what_is_newer(String format) throws Exception {
        try (Post post = new Post(format, directory)) {
            Mailbox inbox = post.inbox();
            Entry one = inbox.append(message("a: 1\r\n\r\n"), Flags.NONE, Instant.now());
            Entry two = inbox.append(message("a: 2\r\n\r\n"), Flags.NONE, Instant.now());
            FlagChange seen = new FlagChange(FlagChange.Kind.ADD, Flags.of(Flags.SEEN));
            Stored stored = inbox.store(UidSet.ALL, seen, OptionalLong.of(one.modSeq()));
            assertThat(stored.modified()).isEqualTo(UidSet.of(two.uid()));
            assertThat(stored.entries()).extracting(Entry::uid).containsExactly(one.uid());
            Entry now = stored.entries().get(0);
            assertThat(now.modSeq()).isGreaterThan(two.modSeq());
            assertThat(inbox.since(two.modSeq()).entries()).containsExactly(now);
            assertThat(inbox.store(UidSet.of(one.uid()), seen, OptionalLong.empty())
                            .entries())
                    .containsExactly(now);
            assertThat(inbox.status().unseen()).isEqualTo(1);
            assertThat(inbox.status().firstUnseen()).isEqualTo(two.uid());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void copy_and_move_and_expunge_are_told_by_since(String format) throws Exception {
        try (Post post = new Post(format, directory)) {
            Mailbox inbox = post.inbox();
            for (int i = 0; i < 5; i++)
                inbox.append(message("n: " + i + "\r\n\r\n"), Flags.of(Flags.SEEN), Instant.now());
            long before = inbox.status().highestModSeq();
            Copied copied = inbox.copy(UidSet.ofUids(java.util.stream.LongStream.of(1, 3, 9)), post.mailbox("Sent"));
            assertThat(copied.from()).containsExactly(1L, 3L);
            assertThat(copied.to()).containsExactly(1L, 2L);
            assertThat(copied.uidValidity())
                    .isEqualTo(post.mailbox("Sent").status().uidValidity());
            Copied moved = inbox.move(UidSet.range(4, 5), post.mailbox("Sent"));
            assertThat(moved.to()).containsExactly(3L, 4L);
            assertThat(inbox.expunge(UidSet.range(1, 2))).isEqualTo(UidSet.range(1, 2));
            Changes changes = inbox.since(before);
            assertThat(changes)
                    .isEqualTo(new Changes(
                            List.of(),
                            UidSet.ofRanges(List.of(new UidSet.Range(1, 2), new UidSet.Range(4, 5))),
                            true,
                            inbox.status().highestModSeq()));
            assertThat(text(post.mailbox("Sent").message(4).orElseThrow())).isEqualTo("n: 4\r\n\r\n");
            assertThat(post.mailbox("Sent").entries(UidSet.ALL))
                    .allMatch(e -> e.flags().has(Flags.SEEN));
            post.restart();
            assertThat(post.inbox().since(before).vanished()).isEqualTo(changes.vanished());
            assertThat(post.mailbox("Sent").status().messages()).isEqualTo(4);
        }
    }
}
