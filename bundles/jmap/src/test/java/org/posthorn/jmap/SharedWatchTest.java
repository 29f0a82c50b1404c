package org.posthorn.jmap;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.api.mailbox.MailboxStore;
import org.posthorn.api.mailbox.Rights;
import org.posthorn.mailbox.RealMailboxes;
import org.posthorn.mime.Octets;
import org.posthorn.mime.StoredMessage;

/** Who is woken by what comes to mailboxes of others. */
class SharedWatchTest {

    private static final Address ALICE = Address.of("alice@example.org");

    private final Semaphore news = new Semaphore(0);
    private RealMailboxes mailboxes;
    private MailboxStore store;

    @BeforeEach
    void begin(@TempDir Path folder) throws Exception {
        mailboxes = new RealMailboxes(folder, "");
        store = mailboxes.store();
        store.account(Talk.DEMO);
        for (String name : new String[] {"Read", "Listed"}) store.account(ALICE).create(name, Optional.empty());
        share("Read", "lr");
        share("Listed", "l");
    }

    @AfterEach
    void end() {
        mailboxes.close();
    }

    private void share(String name, String rights) throws Exception {
        store.access(ALICE).change(name, Talk.DEMO.toString(), before -> Rights.parse(rights));
    }

    private void add(String name) throws Exception {
        Mailbox mailbox = store.account(ALICE).mailbox(name).orElseThrow();
        mailbox.append(
                StoredMessage.of(Octets.of("Subject: x\r\n\r\ny\r\n".getBytes(StandardCharsets.UTF_8))),
                Flags.NONE,
                Instant.EPOCH);
    }

    @Test
    void he_is_woken_by_those_that_he_may_read_alone() throws Exception {
        try (SharedWatch watch = SharedWatch.begin(store, Talk.DEMO, (account, mailbox) -> news.release())) {
            add("Read");
            assertThat(news.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
            news.drainPermits();
            add("INBOX");
            add("Listed");
            assertThat(news.availablePermits()).isZero();
            assertThat(watch.isOf(store, Talk.DEMO)).isTrue();
            share("Listed", "lr");
            assertThat(watch.isOf(store, Talk.DEMO)).isFalse();
            share("Listed", "l");
            assertThat(watch.isOf(store, Talk.DEMO)).isTrue();
            store.account(Talk.DEMO).unsubscribe("Users/" + ALICE + "/Read");
            assertThat(watch.isOf(store, Talk.DEMO)).isFalse();
        }
        news.drainPermits();
        add("Read");
        assertThat(news.availablePermits()).isZero();
    }
}
