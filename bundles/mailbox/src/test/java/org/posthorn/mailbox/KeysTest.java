package org.posthorn.mailbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.api.mailbox.AccessKeys;
import org.posthorn.api.mailbox.Account;
import org.posthorn.api.mailbox.MailboxFault;

/** Mailbox access keys, RFC 4467 2.2. */
class KeysTest {

    @TempDir
    Path directory;

    private static AccessKeys keys(Post post) throws IOException {
        return post.store().keys(Post.ALICE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void key_is_made_when_it_is_asked_for_and_outlives_restart_and_swap(String format) throws Exception {
        try (Post post = new Post(format, directory)) {
            assertThat(keys(post).known("INBOX")).isEmpty();
            byte[] key = keys(post).of("inbox");
            assertThat(key).hasSize(32);
            assertThat(keys(post).of("Sent")).isNotEqualTo(key);
            post.restart();
            assertThat(keys(post).known("INBOX")).contains(key);
            post.swapFormat();
            assertThat(keys(post).of("INBOX")).isEqualTo(key);
        }
    }

    @Test
    void renewed_key_is_another_and_stays() throws Exception {
        try (Post post = new Post("maildir", directory)) {
            byte[] inbox = keys(post).of("INBOX");
            byte[] sent = keys(post).of("Sent");
            keys(post).renew("INBOX");
            byte[] renewed = keys(post).of("INBOX");
            assertThat(renewed).hasSize(32).isNotEqualTo(inbox);
            post.restart();
            assertThat(keys(post).known("INBOX")).contains(renewed);
            assertThat(keys(post).known("Sent")).contains(sent);
            keys(post).removeAll();
            post.restart();
            assertThat(keys(post).known("INBOX")).isEmpty();
            assertThat(keys(post).known("Sent")).isEmpty();
        }
    }

    @Test
    void key_goes_where_its_mailbox_goes_and_with_it() throws Exception {
        try (Post post = new Post("maildir", directory)) {
            Account alice = post.alice();
            alice.create("Work", Optional.empty());
            byte[] key = keys(post).of("Work");
            alice.rename("Work", "Play");
            assertThat(keys(post).known("Work")).isEmpty();
            assertThat(keys(post).known("Play")).contains(key);
            alice.delete("Play");
            alice.create("Play", Optional.empty());
            assertThat(keys(post).known("Play")).isEmpty();
        }
    }

    @Test
    void mailbox_of_ones_own_must_be_there() throws Exception {
        try (Post post = new Post("maildir", directory)) {
            for (String name : List.of("Nowhere", "Nowhere.below", ""))
                assertThatExceptionOfType(MailboxFault.class)
                        .isThrownBy(() -> keys(post).of(name))
                        .matches(fault -> fault.kind() == MailboxFault.Kind.NONEXISTENT);
            // Whether that is there is not for this account to see.
            byte[] shared = keys(post).of("Users/bob@example.test/Work");
            assertThat(keys(post).known("Users/bob@example.test/Work")).contains(shared);
        }
    }

    @Test
    void damaged_file_of_keys_is_found_and_its_sound_lines_go_on() throws Exception {
        try (Post post = new Post("maildir", directory)) {
            byte[] key = keys(post).of("INBOX");
            keys(post).of("Sent");
            Path file = post.home().resolve("keys.maildir");
            post.store().deactivate();
            String text = Files.readString(file);
            Files.writeString(file, text.substring(0, text.indexOf("Sent")) + "torn\nend\n");
            post.restart();
            assertThat(keys(post).known("INBOX")).contains(key);
            assertThat(keys(post).known("Sent")).isEmpty();
            try (Stream<Path> all = Files.list(post.home())) {
                assertThat(all.filter(p -> p.toString().contains("keys.maildir.damaged-")))
                        .hasSize(1);
            }
        }
    }
}
