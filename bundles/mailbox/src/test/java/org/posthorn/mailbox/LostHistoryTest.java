package org.posthorn.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.api.mailbox.Changes;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.Status;
import org.posthorn.api.mailbox.UidSet;

/** Mod-sequences rise as long as UIDVALIDITY stays, RFC 7162 3.1, whatever became of what has counted them. */
class LostHistoryTest {

    @TempDir
    Path directory;

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (Path path : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(path);
        }
    }

    /** Messages 1 and 2 of Dovecot. */
    private static void adopt(Path maildir) throws IOException {
        for (String sub : List.of("cur", "new", "tmp")) Files.createDirectories(maildir.resolve(sub));
        Files.writeString(maildir.resolve("cur/1700000000.M1P1.host:2,S"), "a: b\n\n");
        Files.writeString(maildir.resolve("cur/1700000000.M2P1.host:2,"), "a: b\n\n");
        Files.writeString(
                maildir.resolve("dovecot-uidlist"),
                "3 V1796007059 N3 G0123\n1 :1700000000.M1P1.host\n2 :1700000000.M2P1.host\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void without_all_indexes_the_count_goes_on_above_what_it_was(String format) throws Exception {
        try (Post post = new Post(format, directory)) {
            for (int i = 0; i < 15; i++) post.deliver(Post.mail(Post.message("n: " + i + "\r\n\r\n")));
            post.inbox().expunge(UidSet.range(1, 13));
            Status before = post.inbox().status();
            post.stop();
            delete(post.home().resolve("index"));
            post.open();
            assertThat(post.inbox().status().uidValidity()).isEqualTo(before.uidValidity());
            assertThat(post.inbox().status().highestModSeq()).isGreaterThan(before.highestModSeq());
            toldAll(post, "INBOX", before.highestModSeq());
        }
    }

    @Test
    void a_maildir_of_another_program_begins_above_what_that_has_told() throws Exception {
        try (Post post = new Post("maildir", directory)) {
            post.stop();
            adopt(post.home().resolve("Maildir"));
            post.open();
            assertThat(post.inbox().status().uidValidity()).isEqualTo(1796007059);
            toldAll(post, "INBOX", 41);
            // What comes later is higher, and does not lead to the mod-sequences of before.
            post.deliver(Post.mail(Post.message("a: b\r\n\r\n")));
            toldAll(post, "INBOX", 41);
            post.restart();
            toldAll(post, "INBOX", 41);
        }
    }

    @Test
    void a_maildir_that_is_put_into_an_account_begins_above_what_another_program_has_told() throws Exception {
        try (Post post = new Post("maildir", directory)) {
            post.alice().create("one", Optional.empty());
            adopt(post.home().resolve("Maildir/.Work"));
            assertThat(post.mailbox("Work").status().uidValidity()).isEqualTo(1796007059);
            toldAll(post, "Work", 41);
        }
    }

    @Test
    void a_new_account_counts_from_the_beginning() throws Exception {
        try (Post post = new Post("maildir", directory)) {
            assertThat(post.inbox().status().highestModSeq()).isLessThan(100);
        }
    }

    private static void toldAll(Post post, String mailbox, long modSeq) throws IOException {
        List<Entry> all = post.mailbox(mailbox).entries(UidSet.ALL);
        assertThat(all).hasSizeGreaterThan(1).allMatch(e -> e.modSeq() > 1_000_000);
        Changes changes = post.mailbox(mailbox).since(modSeq);
        assertThat(changes.complete()).isFalse();
        assertThat(changes.entries()).isEqualTo(all);
    }
}
