package org.posthorn.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.posthorn.api.events.MailEvent;
import org.posthorn.api.events.StoryStep;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.Origin;

/** What one of those sees whom a mail was delivered to. */
@Timeout(60)
class OwnStoryTest {

    private static final Address ANN = Events.ANN;
    private static final Address SECRET = Address.of("hidden@one.test");
    private static final Address SALES = Address.of("Sales@one.test");
    private final MailId id = MailId.next();

    private Optional<List<StoryStep>> seen(Address by, MailEvent... events) {
        return OwnStory.of(new Told(id, List.of(events), 0, 0), by);
    }

    private static String text(List<StoryStep> steps) {
        return steps.stream()
                .map(s -> s.what() + " " + s.by() + ": " + s.words())
                .collect(Collectors.joining("\n"));
    }

    private MailEvent judged(Address recipient) {
        return new MailEvent.Judged(
                id,
                Events.at(id, 1),
                "greylist",
                "recipient",
                Optional.of(recipient),
                MailEvent.Word.PASS,
                "known",
                List.of(),
                Duration.ofMillis(1),
                "org.posthorn.filter.greylist",
                "1");
    }

    /** To ann, to sales (which is ann as well) and, in Bcc, to somebody else and to another server. */
    private MailEvent[] sent() {
        return new MailEvent[] {
            Events.begun(id),
            Events.judged(id, ""),
            judged(ANN),
            Events.taken(id, ANN),
            Events.taken(id, SALES),
            judged(SECRET),
            Events.taken(id, SECRET),
            new MailEvent.Answered(id, Events.at(id, 2), SECRET, Events.NO, "routing"),
            Events.content(id, "<a@one.test>"),
            Events.accepted(id),
            Events.routed(id, ANN, SALES),
            Events.routed(id, Events.BOB),
            Events.contacted(id),
            Events.attempted(id, Events.BOB, MailEvent.Result.DEFERRED, Events.LATER),
            new MailEvent.Shelved(id, Events.at(id, 8), SECRET, SECRET, "INBOX", 7, 41, "maildir"),
            Events.attempted(id, ANN, MailEvent.Result.DELIVERED, Events.OK),
            Events.shelved(id, ANN),
            Events.waiting(id),
            Events.attempted(id, Events.BOB, MailEvent.Result.FAILED, Events.NO),
            new MailEvent.Reported(id, Events.at(id, 11), MailId.of(1), ANN, "failed")
        };
    }

    @Test
    void it_tells_how_the_mail_came_into_the_mailbox() {
        assertThat(text(seen(ANN, sent()).get()))
                .isEqualTo("begun client: came from 192.0.2.7, which calls itself client.example, by ESMTPSA, TLSv1.3"
                        + " TLS_AES_256_GCM_SHA384; sender <ann@one.test>\n"
                        + "judged filter spf: pass at message; spf=pass smtp.mailfrom=one.test; dkim=none\n"
                        + "judged filter greylist: pass at recipient for <ann@one.test>: known\n"
                        + "answered server: the recipient <ann@one.test> is taken\n"
                        + "answered server: the recipient <Sales@one.test> is taken\n"
                        + "content client: 1234 octets came, Message-ID <a@one.test>\n"
                        + "accepted server: accepted: 250 2.0.0 Ok: queued\n"
                        + "routed server: <ann@one.test> is an address of yours, for the alias <Sales@one.test>\n"
                        + "attempted server: to <ann@one.test>: delivered\n"
                        + "shelved server: put into the mailbox INBOX, UID 42");
        assertThat(seen(ANN, sent()).get().get(0).when()).isEqualTo(Events.at(id, 0));
    }

    @Test
    void nothing_is_told_of_other_recipients_nor_of_what_received_fields_leave_out() {
        assertThat(text(seen(ANN, sent()).get()))
                .doesNotContain(
                        "hidden", "bob", "two.test", "submission", "mx.one.test", "4711", "logged in", "org.posthorn")
                .doesNotContain("waits", "failed");
        assertThat(text(seen(SECRET, sent()).get()))
                .contains("<hidden@one.test> is taken")
                .doesNotContain("ales@", "bob");
    }

    @Test
    void who_did_not_get_it_is_told_nothing() {
        assertThat(seen(Events.BOB, sent())).isEmpty();
        assertThat(seen(SALES, sent())).isEmpty();
        assertThat(seen(ANN, Events.begun(id), Events.taken(id, ANN))).isEmpty();
        assertThat(seen(Address.of("ANN@One.Test"), sent())).isPresent();
    }

    @Test
    void a_mail_of_this_server_and_what_people_did_with_it_is_told_without_their_names() {
        Origin here = new Origin(
                "local", new InetSocketAddress(0), "", Optional.empty(), Optional.empty(), "mx.one.test", "");
        String told = text(seen(
                        ANN,
                        new MailEvent.Begun(id, Events.at(id, 0), here, Optional.empty()),
                        new MailEvent.Report(id, Events.at(id, 1), MailId.of(77), "failed"),
                        Events.waiting(id),
                        new MailEvent.Handled(id, Events.at(id, 2), MailEvent.Action.HELD, "root"),
                        Events.shelved(id, ANN))
                .get());
        assertThat(told)
                .startsWith("begun server: made by this server, from <>\nreport server: it is a report")
                .contains("waiting server: waits in the queue", "handled administrator: held in the queue")
                .doesNotContain("root", MailId.of(77).text());
    }

    @Test
    void steps_that_are_not_kept_are_counted() {
        List<MailEvent> events = List.of(Events.begun(id), Events.shelved(id, ANN));
        assertThat(text(OwnStory.of(new Told(id, events, 12, 1), ANN).get()).lines())
                .containsSequence("leftOut server: 12 steps are not kept");
    }

    @Test
    void what_strangers_say_stays_on_its_line() {
        MailEvent evil = new MailEvent.Content(id, Events.at(id, 3), 1, "<a\u001b[2J\n\u202e@x>");
        assertThat(text(seen(ANN, evil, Events.shelved(id, ANN)).get())).contains("<a?[2J??@x>");
    }

    @Test
    void stories_are_found_by_their_id_and_in_memory_while_the_database_is_away() throws Exception {
        Chronicle chronicle = new Chronicle(new Scribe.Bounds(30, 1_000), Clock.systemUTC());
        try {
            chronicle.addSource(
                    (javax.sql.DataSource) java.lang.reflect.Proxy.newProxyInstance(
                            getClass().getClassLoader(),
                            new Class<?>[] {javax.sql.DataSource.class},
                            (proxy, method, arguments) -> switch (method.getName()) {
                                case "equals" -> proxy == arguments[0];
                                case "hashCode" -> 1;
                                default -> throw new java.sql.SQLException("gone");
                            }),
                    Map.of());
            OwnStories stories = new OwnStories(chronicle);
            new ArrayList<>(List.of(sent())).forEach(chronicle::tell);
            assertThat(stories.delivered(ANN, id).get()).hasSize(10);
            assertThatIOException()
                    .isThrownBy(() -> stories.delivered(ANN, MailId.of(1)))
                    .withMessageContaining("gone");
        } finally {
            chronicle.stop();
        }
    }
}
