package org.posthorn.mailbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.api.lease.Leased;
import org.posthorn.api.mailbox.MailboxFormat;
import org.posthorn.api.spool.Spool;

class AccountsTest {

    @TempDir
    Path directory;

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @Test
    void an_account_that_cannot_be_opened_is_not_tried_again_by_itself() {
        AtomicInteger tries = new AtomicInteger();
        MailboxFormat broken = home -> {
            tries.incrementAndGet();
            throw new IOException("Not a directory");
        };
        Accounts accounts = accounts(broken);
        assertThatThrownBy(() -> accounts.use(Post.ALICE, shelf -> shelf)).hasMessage("Not a directory");
        for (int look = 0; look < 3; look++) accounts.tend(0);
        assertThat(tries).hasValue(1);
    }

    private Accounts accounts(MailboxFormat format) {
        Leased<MailboxFormat> formats = new Leased<>();
        formats.add(format, Map.of("name", "only"));
        Checkpoint checkpoint = new Checkpoint(new Leased<Spool>());
        return new Accounts(
                formats,
                new Homes(directory),
                new FormatChoice("only"),
                new AccountShelf.Surroundings(Clock.systemUTC(), "boot", checkpoint, new Watches()));
    }

    @Test
    void a_format_that_goes_waits_for_no_account_of_another() throws Exception {
        Accounts accounts = accounts(Post.format("maildir"));
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        Future<AccountShelf> call = threads.submit(() -> accounts.use(Post.ALICE, shelf -> {
            begun.countDown();
            await(over);
            return shelf;
        }));
        await(begun);
        Future<?> closing = threads.submit(() -> accounts.closeAll(shelf -> false));
        assertThat(closing).succeedsWithin(Duration.ofSeconds(8));
        over.countDown();
        call.get();
    }

    private static void await(CountDownLatch event) throws IOException {
        try {
            if (!event.await(30, TimeUnit.SECONDS)) throw new IOException("It did not happen");
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @AfterEach
    void end() {
        threads.shutdownNow();
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
