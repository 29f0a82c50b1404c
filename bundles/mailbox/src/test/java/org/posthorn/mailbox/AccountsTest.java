package org.posthorn.mailbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.api.lease.Leased;
import org.posthorn.api.mailbox.MailboxFormat;
import org.posthorn.api.spool.Spool;

class AccountsTest {

    @TempDir
    Path directory;

    @Test
    void an_account_that_cannot_be_opened_is_not_tried_again_by_itself() {
        AtomicInteger tries = new AtomicInteger();
        MailboxFormat broken = home -> {
            tries.incrementAndGet();
            throw new IOException("Not a directory");
        };
        Leased<MailboxFormat> formats = new Leased<>();
        formats.add(broken, java.util.Map.of("name", "broken"));
        Checkpoint checkpoint = new Checkpoint(new Leased<Spool>());
        Accounts accounts = new Accounts(
                formats,
                new Homes(directory),
                new FormatChoice("broken", new String[0]),
                new AccountShelf.Surroundings(Clock.systemUTC(), "boot", checkpoint, new Watches()));
        assertThatThrownBy(() -> accounts.use(Post.ALICE, shelf -> shelf)).hasMessage("Not a directory");
        for (int look = 0; look < 3; look++) accounts.tend(0);
        assertThat(tries).hasValue(1);
    }

    @Test
    void an_account_file_that_is_damaged_is_made_anew_and_nothing_else_is_lost() throws Exception {
        try (Post post = new Post("maildir", directory)) {
            post.deliver(Post.mail(Post.message("Subject: x\r\n\r\n")));
            post.alice().subscribe("elsewhere");
        }
        Path file = directory.resolve("mail/example.test/alice/index/maildir/account");
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        Files.writeString(file, text.replaceFirst("modseq \\d+", "modseq 12x"), StandardCharsets.ISO_8859_1);
        try (Post post = new Post("maildir", directory)) {
            assertThat(post.inbox().status().messages()).isEqualTo(1);
            assertThat(post.alice().list()).hasSize(6);
        }
    }
}
