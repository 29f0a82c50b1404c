package org.posthorn.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.posthorn.api.events.MailEvent;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Envelope;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.MailParameters;
import org.posthorn.api.mail.Recipient;
import org.posthorn.api.mailbox.Account;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.api.mailbox.MailboxStore;
import org.posthorn.api.mailbox.Status;
import org.posthorn.api.queue.QueueStore;
import org.posthorn.api.queue.QueuedMail;
import org.posthorn.api.shell.CommandLine;
import org.posthorn.api.shell.Feed;
import org.posthorn.api.shell.Page;
import org.posthorn.api.spool.Pending;
import org.posthorn.api.spool.Spool;

/** What people are told; the database is away in these, and memory answers. */
@Timeout(60)
class StoryCommandsTest {

    private final Chronicle chronicle = new Chronicle(new Scribe.Bounds(30, 1_000), Clock.systemUTC());
    private final StoryCommands commands = new StoryCommands(chronicle, false);
    private final MailId id = MailId.next();
    private Optional<QueuedMail> queued = Optional.empty();
    private List<Pending> journal = List.of();
    private List<Entry> entries = List.of();
    private boolean there = true;

    StoryCommandsTest() {
        chronicle.addSource(
                fake(javax.sql.DataSource.class, (p, method, arguments) -> {
                    throw new java.sql.SQLException("gone");
                }),
                Map.of());
        commands.addStore(fake(QueueStore.class, (p, method, arguments) -> queued), Map.of());
        commands.addSpool(fake(Spool.class, (p, method, arguments) -> journal), Map.of());
        Status status = new Status(1, 0, 0, 0, 0, 43, 7, 1, 1, 0, "F1");
        Mailbox mailbox =
                fake(Mailbox.class, (p, method, arguments) -> method.getName().equals("status") ? status : entries);
        Account account = fake(Account.class, (p, method, arguments) -> Optional.of(mailbox));
        commands.addMailboxes(fake(MailboxStore.class, (p, method, arguments) -> store(method, account)), Map.of());
    }

    /** As a store does, it makes an account that it is asked for. */
    private Object store(Method method, Account account) {
        if (method.getName().equals("exists")) return there;
        there = true;
        return account;
    }

    private static <T> T fake(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    @AfterEach
    void stop() {
        chronicle.stop();
    }

    private Object run(String name, String... words) throws Exception {
        CommandLine line = new CommandLine(List.of(words), Map.of(), l -> {});
        return commands.commands().stream()
                .filter(c -> c.name().equals(name))
                .findFirst()
                .orElseThrow()
                .action()
                .run(line);
    }

    private String page(String word) throws Exception {
        return ((Page) run("explain", word)).text();
    }

    private void tell(MailEvent... events) {
        for (MailEvent event : events) chronicle.tell(event);
    }

    private String now() throws Exception {
        String page = page(id.text());
        return page.substring(page.indexOf("\nNow\n") + 5).strip();
    }

    @Test
    void a_page_tells_who_what_and_where() throws Exception {
        tell(Events.begun(id), Events.judged(id, "as it says"), Events.taken(id, Events.BOB));
        tell(
                Events.content(id, "<a@one.test>"),
                Events.accepted(id),
                Events.routed(id, Events.BOB),
                Events.contacted(id));
        tell(Events.attempted(id, Events.BOB, MailEvent.Result.RELAYED, Events.OK));
        List<String> lines = page(id.text())
                .lines()
                .map(l -> l.replaceFirst("^\\S+ [0-9:.]+  ", ""))
                .toList();
        assertThat(lines)
                .containsExactly(
                        "Mail " + id + " from <ann@one.test> to <bob@two.test>",
                        "The database cannot be asked (the database of the stories: gone): this is what is in memory.",
                        "",
                        "came from 192.0.2.7:4711, which calls itself client.example, through the listener submission by ESMTPSA,"
                                + " TLSv1.3 TLS_AES_256_GCM_SHA384, logged in as ann@one.test; sender <ann@one.test>",
                        "filter spf: pass at message: as it says; spf=pass smtp.mailfrom=one.test; dkim=none"
                                + " (3.00 ms, org.posthorn.filter.spf 1.2.3)",
                        "<bob@two.test> taken",
                        "1234 octets came, Message-ID <a@one.test>",
                        "accepted: 250 2.0.0 Ok: queued",
                        "<bob@two.test> goes by smtp to two.test",
                        "connected to mx.two.test, TLSv1.3 X",
                        "<bob@two.test> relayed by smtp, mx.two.test said: 250 2.0.0 Ok: queued",
                        "",
                        "Now",
                        "  bob@two.test  handed to mx.two.test: 250 2.0.0 Ok: queued");
    }

    @Test
    void an_account_that_was_deleted_is_not_made_anew_by_looking() throws Exception {
        there = false;
        tell(Events.begun(id), Events.taken(id, Events.ANN), Events.accepted(id), Events.shelved(id, Events.ANN));
        assertThat(now()).endsWith("UID 42 (maildir), but its account is there no longer");
        assertThat(there).isFalse();
    }

    @Test
    void what_lies_on_a_shelf_is_looked_at() throws Exception {
        tell(Events.begun(id), Events.taken(id, Events.ANN), Events.accepted(id), Events.shelved(id, Events.ANN));
        assertThat(now()).endsWith("UID 42 (maildir), but is there no longer: its reader has moved or deleted it");
        entries = List.of(new Entry(42, Flags.NONE, 1, 1, Instant.EPOCH, Instant.EPOCH, 1));
        assertThat(now())
                .isEqualTo("ann@one.test  lies in the mailbox INBOX of ann@one.test, UID 42 (maildir), not read yet");
        entries = List.of(new Entry(42, Flags.of(Flags.SEEN), 1, 1, Instant.EPOCH, Instant.EPOCH, 1));
        assertThat(now()).endsWith("(maildir), read");
    }

    @Test
    void what_waits_is_asked_of_the_queue_and_not_of_the_story() throws Exception {
        tell(Events.begun(id), Events.taken(id, Events.BOB), Events.accepted(id), Events.routed(id, Events.BOB));
        tell(Events.attempted(id, Events.BOB, MailEvent.Result.DEFERRED, Events.LATER), Events.waiting(id));
        queued = Optional.of(queued(false));
        assertThat(now()).contains("waits in the queue until ", "tried 3 times; the last time mx: 451 4.7.1 later");
        queued = Optional.of(queued(true));
        assertThat(now()).contains("is held in the queue until somebody releases it");
        queued = Optional.empty();
        assertThat(now()).contains("nothing is written down of how it ended", "come back later");
        journal = List.of(new Pending(mail(), Set.of(), List.of(), false));
        assertThat(now()).contains("is safe in the journal, and in hand");
    }

    private Mail mail() {
        return new Mail(id, Instant.EPOCH, Events.origin(), envelope(), null, false);
    }

    private static Envelope envelope() {
        return new Envelope(Optional.of(Events.ANN), MailParameters.NONE, List.of(new Recipient(Events.BOB)));
    }

    private QueuedMail queued(boolean held) {
        QueuedMail.Attempts attempts = new QueuedMail.Attempts(true, 3, "mx", "451 4.7.1 later");
        return new QueuedMail(
                id,
                Instant.EPOCH,
                Events.origin(),
                envelope(),
                List.of(attempts),
                1,
                false,
                Instant.now(),
                held,
                false);
    }

    @Test
    void a_mail_without_a_story_is_looked_for_where_it_may_be() throws Exception {
        assertThatThrownBy(() -> page(id.text())).hasMessageContaining("nothing is known of " + id);
        queued = Optional.of(queued(false));
        assertThat(page(id.text()))
                .contains("Nothing is written down of what happened to it.", "bob@two.test  waits in the queue until");
        tell(Events.attempted(id, Events.BOB, MailEvent.Result.DEFERRED, Events.LATER));
        assertThat(page(id.text())).contains("Its beginning is not written down.");
    }

    @Test
    void refused_abandoned_and_thrown_away_mail_is_told_as_such() throws Exception {
        tell(Events.begun(id), Events.taken(id, Events.BOB));
        assertThat(now()).contains("is on its way in");
        tell(new MailEvent.Refused(id, Events.at(id, 5), MailEvent.Stage.DATA, Events.NO, "8 hops"));
        assertThat(now()).isEqualTo("bob@two.test  refused: 550 5.1.1 no such user");
        MailId other = MailId.next();
        tell(
                Events.begun(other),
                new MailEvent.Refused(other, Events.at(other, 1), MailEvent.Stage.MAIL, Events.LATER, "full"));
        assertThat(page(other.text()))
                .contains("refused at MAIL: 451 4.7.1 come back later (full)", "\nNow\n  refused: 451");
        MailId third = MailId.next();
        tell(
                Events.begun(third),
                Events.taken(third, Events.BOB),
                new MailEvent.Discarded(third, Events.at(third, 1), "av: virus"));
        assertThat(page(third.text())).contains("bob@two.test  thrown away: av: virus");
    }

    @Test
    void aliases_are_followed_to_their_ends() throws Exception {
        Address sales = Address.of("sales@one.test");
        tell(Events.begun(id), Events.taken(id, sales), Events.accepted(id));
        tell(Events.routed(id, Events.ANN, sales), Events.routed(id, Events.BOB, sales));
        tell(Events.attempted(id, Events.BOB, MailEvent.Result.FAILED, Events.NO));
        tell(Events.attempted(id, Events.ANN, MailEvent.Result.RELAYED, Events.OK));
        assertThat(now().lines().map(String::strip))
                .containsExactly(
                        "ann@one.test  for the alias <sales@one.test>: handed to mx.two.test: 250 2.0.0 Ok: queued",
                        "bob@two.test  for the alias <sales@one.test>: failed: mx.two.test: 550 5.1.1 no such user");
    }

    @Test
    void several_are_a_list_with_the_newest_first() throws Exception {
        List<MailId> ids = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            MailId each = MailId.next();
            ids.add(0, each);
            tell(Events.begun(each), Events.taken(each, Events.BOB), Events.accepted(each));
        }
        List<?> lines = (List<?>) run("explain", "bob@two.test");
        assertThat(lines)
                .map(l -> ((StoryPage.Line) l).id())
                .isEqualTo(ids.stream().map(MailId::text).toList());
        assertThat(((StoryPage.Line) lines.get(0)).state()).contains("underway");
    }

    @Test
    void what_is_not_written_down_of_one_in_a_list_is_not_guessed() throws Exception {
        for (int i = 0; i < 2; i++) tell(Events.taken(MailId.next(), Events.BOB));
        List<?> lines = (List<?>) run("explain", "bob@two.test");
        assertThat(lines).hasSize(2).allMatch(l -> ((StoryPage.Line) l).sender().isEmpty());
    }

    @Test
    void what_strangers_say_cannot_steer_a_terminal_nor_feign_a_line() throws Exception {
        tell(Events.begun(id), Events.judged(id, "x\r\n2026-01-01 accepted\u001b[2J\u009b\u202egpj.exe\u2028"));
        String page = page(id.text());
        assertThat(page).doesNotContain("\u001b", "\r", "\u009b", "\u202e", "\u2028", "\n2026-01-01 accepted");
        assertThat(page.lines().filter(l -> l.contains("filter spf"))).hasSize(1);
    }

    @Test
    void a_trace_shows_those_that_have_the_word_from_their_beginning() throws Exception {
        try (Feed feed = (Feed) run("trace", "BOB@two")) {
            MailId other = MailId.next();
            tell(
                    Events.begun(id),
                    Events.begun(other),
                    Events.taken(id, Events.BOB),
                    Events.accepted(other),
                    Events.accepted(id));
            List<String> shown = new ArrayList<>();
            while (shown.size() < 3) feed.next(Duration.ofSeconds(1)).ifPresent(p -> shown.add(((Page) p).text()));
            assertThat(shown)
                    .allMatch(l -> l.contains(id.text()))
                    .element(0)
                    .asString()
                    .contains("came from");
            assertThat(feed.next(Duration.ofMillis(50))).isEmpty();
            chronicle.stop();
            assertThatThrownBy(() -> feed.next(Duration.ofSeconds(1))).hasMessageContaining("has ended");
        }
    }

    @Test
    void without_the_server_there_is_nothing_to_trace() {
        StoryCommands offline = new StoryCommands(chronicle, true);
        assertThatThrownBy(() -> offline.commands().get(1).action().run(new CommandLine(List.of(), Map.of(), l -> {})))
                .hasMessageContaining("the server is stopped");
    }
}
