package org.posthorn.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.posthorn.api.events.MailEvent;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.MailId;

class StoryTest {

    private final MailId id = MailId.next();
    private final Story story = new Story(id);

    @Test
    void it_is_read_as_it_was_written() {
        Events.all(id).forEach(story::add);
        Told told = Story.read(id, story.text()).told();
        assertThat(told.events()).isEqualTo(Events.all(id));
        assertThat(told.cut()).isZero();
    }

    @Test
    void a_thousand_recipients_leave_the_beginning_and_the_end() {
        story.add(Events.begun(id));
        for (int i = 0; i < 1000; i++) story.add(Events.taken(id, Address.of("r" + i + "@two.test")));
        for (int i = 0; i < 1000; i++)
            story.add(Events.attempted(id, Address.of("r" + i + "@two.test"), MailEvent.Result.RELAYED, Events.OK));
        assertThat(story.text()).hasSizeLessThanOrEqualTo(Story.LONGEST);
        Told told = Story.read(id, story.text()).told();
        assertThat(told.events().size() + told.cut()).isEqualTo(2001);
        assertThat(told.events().get(0)).isEqualTo(Events.begun(id));
        assertThat(((MailEvent.Attempted) told.events().get(told.events().size() - 1)).recipient())
                .isEqualTo(Address.of("r999@two.test"));
        assertThat(told.cutAt()).isBetween(10, told.events().size() - 10);
        assertThat(story.freshKeys()).hasSizeBetween(900, 1000);
    }

    @Test
    void a_last_step_that_is_long_alone_loses_its_end_and_the_story_still_fits() {
        story.add(Events.begun(id));
        for (int i = 0; i < 500; i++) story.add(Events.taken(id, Address.of("r" + i + "@two.test")));
        story.add(Events.found(id, Collections.nCopies(20, "\ud83d\udcef".repeat(200))));
        assertThat(story.text()).hasSizeLessThanOrEqualTo(Story.LONGEST);
        Told told = Story.read(id, story.text()).told();
        assertThat(told.events().size() + told.cut()).isEqualTo(502);
        assertThat(told.events().get(told.events().size() - 1)).isInstanceOf(MailEvent.Judged.class);
        assertThat(Story.read(id, story.text()).text()).isEqualTo(story.text());
    }

    @Test
    void a_story_that_was_cut_goes_on_with_its_count() {
        story.add(Events.begun(id));
        for (int i = 0; i < 500; i++) story.add(Events.judged(id, "r" + i));
        Story again = Story.read(id, story.text());
        assertThat(again.text()).isEqualTo(story.text());
        again.add(Events.waiting(id));
        Told told = Story.read(id, again.text()).told();
        assertThat(told.events().size() + told.cut()).isEqualTo(502);
        assertThat(told.events().get(told.events().size() - 1)).isEqualTo(Events.waiting(id));
    }

    @Test
    void it_is_found_by_sender_recipient_message_id_and_where_aliases_led() {
        story.add(Events.begun(id));
        story.add(Events.taken(id, Address.of("Sales@one.test")));
        story.add(Events.content(id, "<a.b@one.test>"));
        story.add(Events.routed(id, Events.BOB, Address.of("sales@one.test")));
        for (String text : new String[] {"ann@one.test", "sales@ONE.test", "bob@two.test"})
            assertThat(story.has(Set.of(Keys.of(Address.of(text))))).as(text).isTrue();
        assertThat(story.has(Set.of(Keys.ofMessageId("a.b@one.test")))).isTrue();
        assertThat(story.has(Set.of(Keys.ofMessageId(" <a.b@one.test> ")))).isTrue();
        assertThat(story.has(Set.of(Keys.of(Address.of("eve@one.test"))))).isFalse();
        assertThat(story.freshKeys()).containsExactly(Keys.of(Events.BOB));
    }

    @Test
    void what_was_written_before_comes_first() {
        Story before = new Story(id);
        before.add(Events.begun(id));
        before.add(Events.taken(id, Events.BOB));
        Story since = new Story(id);
        since.add(Events.attempted(id, Events.BOB, MailEvent.Result.RELAYED, Events.OK));
        since.precede(Story.read(id, before.text()));
        assertThat(since.told().events())
                .extracting(e -> e.getClass().getSimpleName())
                .containsExactly("Begun", "Answered", "Attempted");
        assertThat(since.senderKey()).isEqualTo(Keys.of(Events.ANN));
        assertThat(since.freshKeys()).isEmpty();
    }

    @Test
    void a_line_of_a_newer_version_is_kept_and_counted() {
        String text = "1\n" + EventLine.write(Events.begun(id)) + "\nDreamt\t5\tof you\n";
        Story read = Story.read(id, text);
        assertThat(read.text()).isEqualTo(text);
        assertThat(read.told().events()).hasSize(1);
        assertThat(read.told().cut()).isEqualTo(1);
    }
}
