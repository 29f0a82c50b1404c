package org.posthorn.imap.command;

import java.io.IOException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.SyntaxFault;
import org.posthorn.imap.command.Sources.Source;
import org.posthorn.mime.ModifiedUtf7;

/**
 * Of which mailboxes a client wants to hear what, RFC 5465 8 "event-group".
 *
 * @param events none for NONE
 * @param attributes what is fetched of new messages, in parentheses as the client has written it; empty for nothing
 */
record EventGroup(Source source, Set<Event> events, String attributes) {

    private static final String SELECTED = "SELECTED";
    private static final String DELAYED = "SELECTED-DELAYED";

    static EventGroup parse(Arguments in) throws IOException {
        in.expect('(');
        EventGroup group = new EventGroup(source(in), EnumSet.noneOf(Event.class), "");
        in.space();
        if (in.lookAhead().equals("NONE")) in.keyword();
        else group = group.withEvents(in);
        in.expect(')');
        group.check();
        return group;
    }

    private static Source source(Arguments in) throws IOException {
        String word = in.lookAhead();
        if (word.equals("SUBTREE-ONE")) throw new SyntaxFault("There is no such filter");
        return word.equals(DELAYED) ? new Source(in.keyword(), Set.of()) : Sources.source(in);
    }

    /** With or without parentheses: examples of the RFC have none. */
    private EventGroup withEvents(Arguments in) {
        boolean enclosed = in.pass('(');
        String fetched = attributes;
        do {
            Event event = Event.of(in.atom());
            events.add(event);
            if (event == Event.MESSAGE_NEW && in.beginsWith(' ', c -> c == '(')) fetched = attributes(in.space());
        } while (in.passSpace());
        if (enclosed) in.expect(')');
        return new EventGroup(source, events, fetched);
    }

    /** Reads what is to be fetched, and gives it as it was written. */
    static String attributes(Arguments in) {
        String from = in.rest();
        FetchItems.attributes(in);
        return from.substring(0, from.length() - in.rest().length());
    }

    private void check() {
        boolean come = events.contains(Event.MESSAGE_NEW);
        if (come != events.contains(Event.MESSAGE_EXPUNGE) || !come && events.contains(Event.FLAG_CHANGE))
            throw new SyntaxFault("MessageNew and MessageExpunge go together, and FlagChange goes with them");
        if (ofSelected() && events.stream().anyMatch(e -> !e.ofMessages() && e != Event.UNSUPPORTED))
            throw new SyntaxFault("Of the selected mailbox only events of messages are told by that filter");
        if (!ofSelected() && !attributes.isEmpty())
            throw new SyntaxFault("Only messages of the selected mailbox are fetched");
    }

    /** Whether it is about the selected mailbox, and no other. */
    boolean ofSelected() {
        return source.word().equals(SELECTED) || delayed();
    }

    /** Whether no EXPUNGE is told between commands, RFC 5465 6.1.2. */
    boolean delayed() {
        return source.word().equals(DELAYED);
    }

    /** All of it as plain values. */
    Map<String, String> suspended() {
        return Map.of(
                "word", source.word(),
                "names", source.names().stream().map(ModifiedUtf7::encode).collect(Collectors.joining("\n")),
                "events", events.stream().map(Event::name).collect(Collectors.joining(" ")),
                "attributes", attributes);
    }

    /** Goes on where {@link #suspended} left off. @param values gives each value by its name */
    static EventGroup resume(UnaryOperator<String> values) {
        Set<String> names = words(values.apply("names"), "\n").stream()
                .map(ModifiedUtf7::decode)
                .flatMap(Optional::stream)
                .collect(Collectors.toSet());
        Set<Event> events = EnumSet.noneOf(Event.class);
        words(values.apply("events"), " ").forEach(name -> events.add(Event.valueOf(name)));
        return new EventGroup(new Source(values.apply("word"), names), events, values.apply("attributes"));
    }

    private static Set<String> words(String text, String between) {
        return text.isEmpty() ? Set.of() : Set.copyOf(Arrays.asList(text.split(between)));
    }
}
