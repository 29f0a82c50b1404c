package org.posthorn.imap.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.posthorn.api.mailbox.Listed;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.api.mailbox.MailboxFault;
import org.posthorn.imap.Answer;
import org.posthorn.imap.Command;
import org.posthorn.imap.Request;
import org.posthorn.imap.Session;

/** LIST, RFC 3501 6.3.8 and RFC 9051 6.3.9, with the selections and returns of RFC 5258, RFC 5819 (STATUS), RFC 6154 (SPECIAL-USE) and RFC 9590 (METADATA). */
final class ListMailboxes implements Command {

    /** A name, with the mailbox of that name if it exists. */
    private record Row(String name, Optional<Listed> listed, boolean subscribed) {}

    @Override
    public Answer run(Session session, Request request) throws IOException {
        ListRequest wanted = ListRequest.parse(request.arguments());
        if (wanted.hierarchyOnly()) session.untagged("LIST (\\Noselect) \".\" \"\"");
        else list(session, wanted);
        return Answer.ok("That is all");
    }

    private static void list(Session session, ListRequest wanted) throws IOException {
        List<Row> rows = rows(session, wanted);
        NavigableSet<String> existing = names(rows, r -> r.listed.isPresent());
        NavigableSet<String> chosen = names(rows, r -> wanted.selects(r.subscribed, r.listed.flatMap(Listed::use)));
        for (Row row : rows) {
            boolean selected = wanted.selects(row.subscribed, row.listed.flatMap(Listed::use));
            boolean below = wanted.recursiveMatch() && anyBelow(chosen, row.name);
            if (!selected && !below || !wanted.matches(row.name)) continue;
            tell(session, wanted, row, anyBelow(existing, row.name), below);
            if (!wanted.metadata().isEmpty() && row.listed.isPresent()) tellMetadata(session, wanted, row.name);
            if (wanted.status().isEmpty()
                    || row.listed.filter(Listed::selectable).isEmpty()) continue;
            Optional<Mailbox> mailbox = session.account().mailbox(row.name);
            if (mailbox.isPresent()) StatusOf.tell(session, mailbox.get(), wanted.status());
        }
    }

    private static void tellMetadata(Session session, ListRequest wanted, String name) throws IOException {
        SortedMap<String, String> all;
        try {
            all = session.annotations().of(name);
        } catch (MailboxFault gone) {
            // Of such a mailbox nothing is told, and LIST is OK, RFC 9590 3.
            return;
        }
        MetadataRequest.Found found = MetadataRequest.of(wanted.metadata()).find(all);
        MetadataResponse response = new MetadataResponse(session.dialect().mailbox(name), found.entries());
        boolean more = true;
        while (more) more = response.more(session.connection());
    }

    /** All mailboxes and, where subscriptions count, names subscribed to that are none. */
    private static List<Row> rows(Session session, ListRequest wanted) throws IOException {
        TreeMap<String, Row> rows = new TreeMap<>();
        List<Row> all = new ArrayList<>();
        for (Listed l : session.account().list()) {
            Row row = new Row(l.name(), Optional.of(l), l.subscribed());
            rows.put(l.name(), row);
            all.add(row);
        }
        if (wanted.subscribedOnly())
            for (String name : session.account().subscriptions())
                if (!rows.containsKey(name)) rows.put(name, new Row(name, Optional.empty(), true));
        if (wanted.recursiveMatch()) for (String name : List.copyOf(rows.keySet())) levels(rows, name);
        rows.values().stream().filter(r -> r.listed.isEmpty()).forEach(all::add);
        return all;
    }

    /** What stands above a name that is subscribed to, and is nowhere else. */
    private static void levels(Map<String, Row> rows, String name) {
        for (int dot = name.indexOf('.'); dot > 0; dot = name.indexOf('.', dot + 1))
            rows.computeIfAbsent(name.substring(0, dot), level -> new Row(level, Optional.empty(), false));
    }

    private static NavigableSet<String> names(List<Row> rows, Predicate<Row> wanted) {
        return rows.stream().filter(wanted).map(Row::name).collect(Collectors.toCollection(TreeSet::new));
    }

    private static boolean anyBelow(NavigableSet<String> names, String parent) {
        String next = names.ceiling(parent + ".");
        return next != null && next.startsWith(parent + ".");
    }

    private static void tell(Session session, ListRequest wanted, Row row, boolean children, boolean below) {
        List<String> attributes = Listing.attributes(session, row.listed, children);
        if (row.subscribed && wanted.tellsSubscribed()) attributes.add("\\Subscribed");
        Listing.use(row.listed).ifPresent(attributes::add);
        Listing.tell(session, row.name, attributes, below ? " (\"CHILDINFO\" (\"SUBSCRIBED\"))" : "");
    }
}
