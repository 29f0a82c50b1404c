package org.posthorn.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.posthorn.api.events.MailEvent;
import org.posthorn.api.events.MailEvent.Result;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.Reply;

/** What one sees who has sent a mail. */
class SentStoryTest {

    private static final Address ANN = Events.ANN;
    private static final Address BOB = Events.BOB;
    private static final Address SALES = Address.of("Sales@one.test");
    private final MailId id = MailId.next();

    /** A line for each whom she named. */
    private String sent(MailEvent... events) {
        return SentStory.of(new Told(id, List.of(events), 0, 0), Address.of("Ann@ONE.test")).orElseThrow().stream()
                .map(to -> to.recipient() + " " + to.fate() + " " + to.host() + ": " + to.reply())
                .collect(Collectors.joining("\n"));
    }

    private MailEvent attempted(Address recipient, Result result, Reply reply) {
        return Events.attempted(id, recipient, result, reply);
    }

    private MailEvent here(Address recipient) {
        Reply said = new Reply(250, "2.0.0", "delivered to Secret.Plans");
        return new MailEvent.Attempted(
                id, Events.at(id, 7), recipient, "local", "ann@one.test", "", Result.DELIVERED, said);
    }

    @Test
    void it_is_told_of_each_whom_the_sender_named() {
        assertThat(sent(
                        Events.begun(id),
                        Events.taken(id, ANN),
                        Events.taken(id, BOB),
                        new MailEvent.Answered(id, Events.at(id, 2), SALES, Events.NO, "routing"),
                        Events.accepted(id),
                        Events.routed(id, ANN),
                        Events.routed(id, BOB),
                        Events.shelved(id, ANN),
                        here(ANN),
                        attempted(BOB, Result.DEFERRED, Events.LATER)))
                .isEqualTo("ann@one.test SHELVED : 250 2.0.0 delivered\n"
                        + "bob@two.test WAITING mx.two.test: 451 4.7.1 come back later");
    }

    @Test
    void what_another_server_took_was_handed_on_and_what_was_tried_for_too_long_failed() {
        assertThat(sent(
                        Events.begun(id),
                        Events.taken(id, ANN),
                        Events.taken(id, BOB),
                        new MailEvent.Attempted(
                                id,
                                Events.at(id, 7),
                                ANN,
                                "smtp",
                                "two.test",
                                "mx.two.test[192.0.2.1]:25",
                                Result.RELAYED,
                                Events.OK),
                        attempted(BOB, Result.DEFERRED, Events.LATER),
                        new MailEvent.GivenUp(id, Events.at(id, 10), BOB)))
                .isEqualTo("ann@one.test RELAYED mx.two.test: 250 2.0.0 Ok: queued\n"
                        + "bob@two.test FAILED mx.two.test: 451 4.7.1 come back later");
    }

    @Test
    void behind_an_alias_it_is_what_became_of_who_is_worst_off_and_nobody_is_named() {
        MailEvent[] events = {
            Events.begun(id),
            Events.taken(id, SALES),
            Events.accepted(id),
            Events.routed(id, ANN, SALES),
            Events.routed(id, BOB, SALES),
            Events.shelved(id, ANN),
            here(ANN),
            attempted(BOB, Result.FAILED, new Reply(550, "5.1.1", "<bob@two.test>: no such user"))
        };
        assertThat(sent(events)).isEqualTo("Sales@one.test FAILED : 550 5.1.1");
        assertThat(sent(List.of(events).subList(0, 7).toArray(MailEvent[]::new)))
                .isEqualTo("Sales@one.test WAITING : 250 2.0.0 Ok: queued");
    }

    @Test
    void an_alias_that_leads_to_another_whom_she_named_fares_as_that_one() {
        assertThat(sent(
                        Events.begun(id),
                        Events.taken(id, ANN),
                        Events.taken(id, SALES),
                        Events.routed(id, ANN),
                        Events.routed(id, ANN, SALES),
                        Events.shelved(id, ANN),
                        here(ANN)))
                .isEqualTo("ann@one.test SHELVED : 250 2.0.0 delivered\nSales@one.test SHELVED : 250 2.0.0");
    }

    @Test
    void what_lies_on_no_shelf_was_perhaps_thrown_away() {
        assertThat(sent(Events.begun(id), Events.taken(id, ANN), here(ANN)))
                .isEqualTo("ann@one.test UNKNOWN : 250 2.0.0 delivered");
        assertThat(sent(
                        Events.begun(id),
                        Events.taken(id, ANN),
                        new MailEvent.Discarded(id, Events.at(id, 4), "virus")))
                .isEqualTo("ann@one.test UNKNOWN : 250 2.0.0 Ok: queued");
    }

    @Test
    void what_an_administrator_takes_out_of_the_queue_failed_and_what_is_done_with_stays() {
        assertThat(sent(
                        Events.begun(id),
                        Events.taken(id, ANN),
                        Events.taken(id, BOB),
                        Events.shelved(id, ANN),
                        attempted(BOB, Result.DEFERRED, Events.LATER),
                        new MailEvent.Handled(id, Events.at(id, 12), MailEvent.Action.REMOVED, "queue:remove")))
                .isEqualTo("ann@one.test SHELVED : 250 2.0.0 delivered\n"
                        + "bob@two.test FAILED : 554 5.7.0 taken out of the queue by hand");
    }

    @Test
    void nobody_else_is_told() {
        Told story = new Told(id, List.of(Events.begun(id), Events.taken(id, BOB)), 0, 0);
        assertThat(SentStory.of(story, BOB)).isEmpty();
        assertThat(SentStory.of(new Told(id, List.of(Events.taken(id, BOB)), 0, 0), ANN))
                .isEmpty();
    }
}
