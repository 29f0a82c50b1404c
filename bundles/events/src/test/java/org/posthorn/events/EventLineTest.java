package org.posthorn.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.posthorn.api.events.MailEvent;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.Origin;
import org.posthorn.api.mail.Reply;

class EventLineTest {

    private final MailId id = MailId.next();

    @Test
    void each_kind_of_event_is_read_as_it_was_written() {
        List<MailEvent> all = Events.all(id);
        assertThat(all).allSatisfy(event -> assertThat(EventLine.read(id, EventLine.write(event)))
                .isEqualTo(event));
        Set<Class<?>> kinds = all.stream().map(Object::getClass).collect(Collectors.toSet());
        assertThat(kinds).containsExactlyInAnyOrder(MailEvent.class.getPermittedSubclasses());
    }

    @Test
    void a_line_of_before_lacks_what_was_added_since() {
        String line = EventLine.write(Events.taken(id, Events.BOB));
        MailEvent.Answered read = (MailEvent.Answered) EventLine.read(id, line.substring(0, line.lastIndexOf('\t')));
        assertThat(read.recipient()).isEqualTo(Events.BOB);
        assertThat(read.by()).isEmpty();
    }

    @Test
    void what_is_no_line_of_ours_is_said_to_be_none() {
        for (String line : List.of("", "Invented\t1", "Answered\tx", "Content\t1\tmany\t<a>", "Accepted\t1\tso so\t1"))
            assertThatThrownBy(() -> EventLine.read(id, line)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_stranger_can_neither_end_a_line_nor_make_it_long() {
        Origin hostile = new Origin(
                "ESMTP",
                Events.origin().client(),
                "x\r\n\t\0\u001b[2J\ud800" + "y".repeat(100_000),
                Optional.empty(),
                Optional.empty(),
                "mx",
                "smtp");
        String line = EventLine.write(new MailEvent.Begun(id, Events.at(id, 0), hostile, Optional.empty()));
        assertThat(line).hasSizeLessThan(Scalar.LONGEST + 200).doesNotContain("\n", "\r", "\0", "\u001b", "\ud800");
        MailEvent.Begun read = (MailEvent.Begun) EventLine.read(id, line);
        assertThat(read.origin().listener()).isEqualTo("smtp");
        assertThat(read.origin().helo()).startsWith("x?????[2J?yyy").endsWith("\u2026");
    }

    @Test
    void an_address_with_quotes_and_letters_of_all_the_world_comes_back() {
        for (String text : List.of("\"a b\\\"c\"@one.test", "j\u00f6rg@b\u00fccher.test", "postmaster")) {
            Address address = Address.of(text);
            MailEvent event = Events.taken(id, address);
            assertThat(EventLine.read(id, EventLine.write(event))).isEqualTo(event);
        }
    }

    @Test
    void replies_without_an_enhanced_code_come_back() {
        for (Reply reply : List.of(new Reply(250, "", "ok"), new Reply(421, "", ""), new Reply(250, "2.1.5", ""))) {
            MailEvent event = new MailEvent.Accepted(id, Events.at(id, 1), reply, true);
            MailEvent.Accepted read = (MailEvent.Accepted) EventLine.read(id, EventLine.write(event));
            assertThat(read.reply().toString().strip())
                    .isEqualTo(reply.toString().strip());
        }
    }

    @Test
    void damage_is_noticed_or_harmless() {
        Random random = new Random(42);
        List<String> lines = Events.all(id).stream().map(EventLine::write).toList();
        for (int i = 0; i < 20_000; i++) {
            StringBuilder line = new StringBuilder(lines.get(random.nextInt(lines.size())));
            for (int j = random.nextInt(4); j >= 0 && line.length() > 0; j--) {
                int at = random.nextInt(line.length());
                if (random.nextBoolean()) line.deleteCharAt(at);
                else line.setCharAt(at, (char) (random.nextInt(100) + 9));
            }
            try {
                new Words(java.time.ZoneOffset.UTC).of(EventLine.read(id, line.toString()));
            } catch (IllegalArgumentException damaged) {
                assertThat(damaged).isNotNull();
            }
        }
    }
}
