package org.posthorn.imap.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.posthorn.api.mailbox.Listed;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.Session;
import org.posthorn.imap.SyntaxFault;

/** What a client wants to hear of, RFC 5465 8 "event-groups". */
record EventGroups(List<EventGroup> all) {

    /** Each is held against each mailbox. */
    static final int MOST = 100;

    private static final String COUNT = "notify";

    static final EventGroups NONE = new EventGroups(List.of());

    static EventGroups parse(Arguments in) throws IOException {
        List<EventGroup> all = new ArrayList<>();
        do all.add(EventGroup.parse(in));
        while (in.passSpace());
        if (all.stream().filter(EventGroup::ofSelected).count() > 1)
            throw new SyntaxFault("The selected mailbox can be named once");
        return new EventGroups(all);
    }

    /** Whether it names more than is borne. */
    boolean tooMany() {
        int names = all.stream().mapToInt(g -> g.source().names().size()).sum();
        return all.size() > MOST || names > Inventory.MOST;
    }

    /** Whether there is an event among them that cannot be told. */
    boolean unsupported() {
        return all.stream().anyMatch(g -> g.events().contains(Event.UNSUPPORTED));
    }

    /** What is wanted of the selected mailbox. */
    Optional<EventGroup> selected() {
        return all.stream().filter(EventGroup::ofSelected).findFirst();
    }

    /**
     * What is wanted of a mailbox that is not selected: whatever any group asks for, up to the first that asks for nothing. RFC 5465 6 adds them up, and of its
     * mailboxes NONE wants no events, which is meant against what follows: else it would say nothing.
     */
    Set<Event> events(Session session, Listed mailbox) {
        Set<Event> events = EnumSet.noneOf(Event.class);
        for (EventGroup group : all) {
            if (group.ofSelected() || !group.source().means(session, mailbox)) continue;
            if (group.events().isEmpty()) break;
            events.addAll(group.events());
        }
        return events;
    }

    /** The same of a name, which may be subscribed to, or not. */
    Set<Event> events(Session session, String name, boolean subscribed) {
        return events(session, new Listed(name, true, subscribed, Optional.empty()));
    }

    /** Whether the server's annotations are wanted, which are no mailbox's. */
    boolean server() {
        return any(Event.SERVER_METADATA_CHANGE);
    }

    /** Whether any annotations are. */
    boolean metadata() {
        return server() || any(Event.MAILBOX_METADATA_CHANGE);
    }

    private boolean any(Event event) {
        return all.stream().anyMatch(g -> g.events().contains(event));
    }

    void suspend(Map<String, String> values) {
        values.put(COUNT, Integer.toString(all.size()));
        for (int i = 0; i < all.size(); i++) {
            String prefix = COUNT + "." + i + ".";
            all.get(i).suspended().forEach((name, value) -> values.put(prefix + name, value));
        }
    }

    /** Those of the page; empty when it has none. */
    static Optional<EventGroups> resume(Map<String, String> values) {
        if (!values.containsKey(COUNT)) return Optional.empty();
        return Optional.of(new EventGroups(IntStream.range(0, Integer.parseInt(values.get(COUNT)))
                .mapToObj(i -> COUNT + "." + i + ".")
                .map(prefix -> EventGroup.resume(name -> values.get(prefix + name)))
                .toList()));
    }
}
