package org.posthorn.imap.command;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.posthorn.imap.Levels;
import org.posthorn.imap.Session;

/**
 * What names have come and gone between two looks at all mailboxes, RFC 5465 5.4 and 5.5.
 *
 * @param renamed the old name of each mailbox that has another now
 */
record NameChanges(Inventory before, Inventory now, Map<String, String> renamed) {

    static NameChanges between(Inventory before, Inventory now) {
        Map<String, String> gone = new HashMap<>();
        lost(before, now).forEach(name -> before.id(name).ifPresent(id -> gone.put(id, name)));
        Map<String, String> renamed = new TreeMap<>();
        lost(now, before).forEach(name -> now.id(name).map(gone::get).ifPresent(old -> renamed.put(name, old)));
        return new NameChanges(before, now, renamed);
    }

    /** The mailboxes of the one that are none in the other. */
    private static Stream<String> lost(Inventory one, Inventory other) {
        return one.mailboxes().filter(name -> !other.get(name).selectable());
    }

    /** What was known of a mailbox, under whatever name. */
    Known known(String name) {
        return before.get(renamed.getOrDefault(name, name));
    }

    /** Tells what is wanted of that, but what the client has done itself. @param own names that it has given, taken away or subscribed to */
    void tell(Session session, EventGroups wanted, Set<String> own) {
        Set<String> names = new TreeSet<>(subscriptions(session, wanted));
        for (String name : named()) if (events(session, wanted, name).contains(Event.MAILBOX_NAME)) names.add(name);
        names.removeIf(name -> own(name, own));
        for (String name : names) tell(session, name);
    }

    private static boolean own(String name, Set<String> own) {
        return Stream.iterate(name, n -> !n.isEmpty(), Levels::above).anyMatch(own::contains)
                || own.stream().map(Levels::above).anyMatch(name::equals);
    }

    private Set<Event> events(Session session, EventGroups wanted, String name) {
        return wanted.events(
                session, name, before.get(name).subscribed() || now.get(name).subscribed());
    }

    /** Mailboxes that have come or gone, with the level above; those that are called otherwise, unless with one above them. */
    private List<String> named() {
        List<String> names = new ArrayList<>();
        Stream.concat(
                        lost(before, now).filter(name -> !renamed.containsValue(name)),
                        lost(now, before).filter(name -> !renamed.containsKey(name)))
                .flatMap(name -> Stream.of(name, Levels.above(name)))
                .filter(name -> !name.isEmpty())
                .forEach(names::add);
        renamed.keySet().stream().filter(name -> !follows(name)).forEach(names::add);
        return names;
    }

    private boolean follows(String name) {
        String old = renamed.get(name);
        for (String above = Levels.above(name); !above.isEmpty(); above = Levels.above(above))
            if (old.equals(renamed.get(above) + name.substring(above.length()))) return true;
        return false;
    }

    private List<String> subscriptions(Session session, EventGroups wanted) {
        return Stream.concat(before.names().stream(), now.names().stream())
                .filter(name -> before.get(name).subscribed() != now.get(name).subscribed())
                .filter(name -> events(session, wanted, name).contains(Event.SUBSCRIPTION_CHANGE))
                .toList();
    }

    private void tell(Session session, String name) {
        Known known = now.get(name);
        List<String> attributes = Listing.attributes(known.listed(), now.anyBelow(name));
        if (known.subscribed()) attributes.add("\\Subscribed");
        Listing.use(known.listed()).ifPresent(attributes::add);
        Listing.tell(session, name, attributes, Listing.oldName(session, renamed.getOrDefault(name, name), name));
    }
}
