package org.posthorn.imap.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
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
import org.posthorn.imap.Levels;
import org.posthorn.imap.Request;
import org.posthorn.imap.Session;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** LIST, RFC 3501 6.3.8 and RFC 9051 6.3.9, with the selections and returns of RFC 5258, RFC 5819 (STATUS), RFC 6154 (SPECIAL-USE), RFC 8440 (MYRIGHTS) and RFC 9590 (METADATA). */
final class ListMailboxes implements Command {

    private static final Logger LOG = LoggerFactory.getLogger(ListMailboxes.class);

    /** So many names a piece of the answer goes through: what is told of each may be much. */
    private static final int AT_ONCE = 16;

    private static final Answer DONE = Answer.ok("That is all");

    /** A name, with the mailbox of that name if it exists. */
    private record Row(String name, Optional<Listed> listed, boolean subscribed) {}

    @Override
    public Answer run(Session session, Request request) throws IOException {
        ListRequest wanted = ListRequest.parse(request.arguments());
        if (!wanted.hierarchyOnly())
            return session.produce(request, new Telling(session, wanted, rows(session, wanted))::more);
        String root = wanted.root();
        session.untagged("LIST (\\Noselect) \"" + Levels.separator(root) + "\" "
                + session.dialect().mailbox(root));
        return DONE;
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
        for (String level : Levels.allAbove(name))
            rows.computeIfAbsent(level, l -> new Row(l, Optional.empty(), false));
    }

    private static NavigableSet<String> names(List<Row> rows, Predicate<Row> wanted) {
        return rows.stream().filter(wanted).map(Row::name).collect(Collectors.toCollection(TreeSet::new));
    }

    private static boolean anyBelow(NavigableSet<String> names, String parent) {
        return anyBelow(names, parent, '/') || Levels.separator(parent) == '.' && anyBelow(names, parent, '.');
    }

    private static boolean anyBelow(NavigableSet<String> names, String parent, char separator) {
        String next = names.ceiling(parent + separator);
        return next != null && next.startsWith(parent + separator);
    }

    /** A level above names of others has theirs, unless it is above own ones as well. */
    private static char separator(NavigableSet<String> names, Row row) {
        boolean own = row.listed.filter(Listed::selectable).isPresent() || anyBelow(names, row.name, '.');
        return !own && anyBelow(names, row.name, '/') ? '/' : Levels.separator(row.name);
    }

    /** Where the answer stands. */
    private static final class Telling {
        private final Session session;
        private final ListRequest wanted;
        private final NavigableSet<String> existing;
        private final NavigableSet<String> chosen;
        /** Names that are chosen and not told themselves: what stands above them is, RFC 5258 3.5. */
        private final NavigableSet<String> hints;

        private final Iterator<Row> rest;
        private boolean unreadable;

        Telling(Session session, ListRequest wanted, List<Row> rows) {
            this.session = session;
            this.wanted = wanted;
            this.existing = names(rows, r -> r.listed.isPresent());
            this.chosen = names(rows, this::selects);
            this.hints = names(rows, r -> wanted.recursiveMatch() && selects(r) && !wanted.matches(r.name));
            this.rest = rows.iterator();
        }

        private boolean selects(Row row) {
            return wanted.selects(row.subscribed, row.listed.flatMap(Listed::use));
        }

        /** Tells the next ones. */
        Answer more() throws IOException {
            for (int i = 0; i < AT_ONCE && rest.hasNext(); i++) tell(rest.next());
            return rest.hasNext() ? Answer.LATER : DONE;
        }

        private void tell(Row row) throws IOException {
            if (!wanted.matches(row.name) || !selects(row) && !anyBelow(hints, row.name)) return;
            boolean asked = row.subscribed && wanted.tellsSubscribed() || wanted.means(row.name);
            if (separator(existing, row) == '/' && !asked) return;
            tellName(row, wanted.recursiveMatch() && anyBelow(chosen, row.name));
            if (!wanted.metadata().isEmpty() && row.listed.isPresent()) tellMetadata(row.listed.get());
            if (row.listed.filter(Listed::selectable).isEmpty()) return;
            if (wanted.myRights() && selects(row))
                MyRights.tell(session, row.name, session.account().rights(row.name));
            if (!wanted.status().isEmpty()) tellStatus(row.name);
        }

        /** What cannot be told of one is left out, RFC 5819 2: that it is there is told, and all of the others. */
        private void tellStatus(String name) {
            try {
                Optional<Mailbox> readable =
                        session.account().mailbox(name).filter(m -> m.rights().has('r'));
                if (readable.isPresent()) StatusOf.tell(session, readable.get(), wanted.status());
            } catch (MailboxFault gone) {
                LOG.debug("Mailbox {} is told without its status: {}", name, gone.getMessage());
            } catch (IOException broken) {
                String who = session.user().orElseThrow().toString();
                LOG.error("The status of mailbox {} of {} could not be read: {}", name, who, broken.toString());
            }
        }

        private void tellName(Row row, boolean below) {
            List<String> attributes = Listing.attributes(row.listed, anyBelow(existing, row.name));
            // RFC 3501 7.2.2 knows no other word.
            boolean old = wanted.basic() && !session.dialect().isRev2();
            if (old) attributes.replaceAll(a -> a.equals("\\NonExistent") ? "\\Noselect" : a);
            if (row.subscribed && wanted.tellsSubscribed()) attributes.add("\\Subscribed");
            Listing.use(row.listed).ifPresent(attributes::add);
            Listing.tell(session, row.name, separator(existing, row), attributes, below ? wanted.childInfo() : "");
        }

        private void tellMetadata(Listed listed) {
            if (unreadable) return;
            SortedMap<String, String> all;
            try {
                all = session.annotations().of(listed);
            } catch (MailboxFault notThis) {
                // He may not read them, or it is gone; of the next one they can be told.
                return;
            } catch (IOException broken) {
                // Then nothing is told of them, and LIST is OK, RFC 9590 3.
                unreadable = true;
                session.metadata().unreadable(broken);
                return;
            }
            MetadataRequest.Found found = MetadataRequest.of(wanted.metadata()).find(all);
            MetadataResponse response = new MetadataResponse(session.dialect().mailbox(listed.name()), found.entries());
            boolean more = true;
            while (more) more = response.more(session.connection());
        }
    }
}
