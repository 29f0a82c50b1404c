package org.posthorn.events;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.posthorn.api.events.MailEvent;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Printable;
import org.posthorn.api.shell.Page;

/** One mail's story on one page. */
record StoryPage(Told story, List<Now> now, Words words) {

    private static final int MOST_NAMED = 5;

    /** @param note something that the reader must know of it; may be empty */
    Page page(String note) {
        List<String> lines = new ArrayList<>();
        lines.add("Mail " + story.id() + head());
        if (!note.isEmpty()) lines.add(note);
        lines.add("");
        steps(lines);
        lines.add("");
        lines.add("Now");
        int width = now.stream().mapToInt(n -> n.recipient().length()).max().orElse(0);
        for (Now each : now)
            lines.add("  " + Printable.line(each.recipient())
                    + " "
                            .repeat(Math.min(40, width)
                                    - Math.min(40, each.recipient().length())
                                    + 2) + each.words());
        if (now.isEmpty()) lines.add("  " + nobody());
        return new Page(String.join("\n", lines), value(note));
    }

    private String nobody() {
        return all(MailEvent.Refused.class)
                .findFirst()
                .map(r -> "refused: " + Printable.line(r.reply().toString()))
                .orElse("it has no recipient");
    }

    private <T extends MailEvent> Stream<T> all(Class<T> kind) {
        return story.events().stream().filter(kind::isInstance).map(kind::cast);
    }

    private String head() {
        Optional<String> sender = all(MailEvent.Begun.class).findFirst().map(b -> sender(b.sender()));
        return sender.map(s -> " from " + s).orElse("")
                + recipients().map(r -> " to " + r).orElse("");
    }

    private static String sender(Optional<Address> sender) {
        return Printable.line("<" + sender.map(Address::toString).orElse("") + ">");
    }

    private Optional<String> recipients() {
        List<String> named = all(MailEvent.Answered.class)
                .map(a -> Printable.line("<" + a.recipient() + ">"))
                .distinct()
                .toList();
        if (named.isEmpty()) return Optional.empty();
        String more = named.size() > MOST_NAMED ? " and " + (named.size() - MOST_NAMED) + " more" : "";
        return Optional.of(named.stream().limit(MOST_NAMED).collect(Collectors.joining(", ")) + more);
    }

    private void steps(List<String> lines) {
        List<MailEvent> events = story.events();
        if (events.isEmpty()) lines.add("Nothing is written down of what happened to it.");
        else if (!(events.get(0) instanceof MailEvent.Begun)) lines.add("Its beginning is not written down.");
        for (int i = 0; i < events.size(); i++) {
            if (i == story.cutAt() && story.cut() > 0) lines.add("… and " + story.cut() + " more steps …");
            lines.add(words.time(events.get(i).when()) + "  " + words.of(events.get(i)));
        }
        if (story.cutAt() >= events.size() && story.cut() > 0) lines.add("… and " + story.cut() + " more steps …");
    }

    private Map<String, Object> value(String note) {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("id", story.id().text());
        value.put("events", story.events().stream().map(EventLine::plain).toList());
        value.put("leftOut", story.cut());
        value.put("now", now);
        if (!note.isEmpty()) value.put("note", note);
        return value;
    }

    /** One mail of several in a list. What is empty is not written down; the sender is so as well when there is none. */
    record Line(String when, String id, Optional<String> sender, Optional<String> recipients, Optional<String> state) {}

    /** This one in a list. */
    Line line() {
        Map<String, Long> states = Fates.of(story, words).stream()
                .collect(Collectors.groupingBy(
                        f -> f.state().name().toLowerCase(java.util.Locale.ROOT),
                        LinkedHashMap::new,
                        Collectors.counting()));
        String state = states.size() == 1
                ? states.keySet().iterator().next()
                : states.entrySet().stream()
                        .map(e -> e.getValue() + " " + e.getKey())
                        .collect(Collectors.joining(", "));
        boolean refused = all(MailEvent.Refused.class).findAny().isPresent();
        return new Line(
                words.time(story.begun()),
                story.id().text(),
                all(MailEvent.Begun.class)
                        .findFirst()
                        .flatMap(MailEvent.Begun::sender)
                        .map(Address::toString),
                recipients(),
                Optional.of(state.isEmpty() && refused ? "refused" : state).filter(s -> !s.isEmpty()));
    }
}
