package org.posthorn.imap.command;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.posthorn.api.mailbox.Changes;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.api.mailbox.Status;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.imap.Fetching;
import org.posthorn.imap.Request;
import org.posthorn.imap.Selection;
import org.posthorn.imap.Session;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a client has asked to hear of by NOTIFY, RFC 5465, and what it has heard of each mailbox. What happens is not kept: a mailbox that rings is compared with what
 * the client knows when it can be told. So nothing grows with what happens, and many changes become one line.
 */
public final class Notifications {

    private static final Logger LOG = LoggerFactory.getLogger(Notifications.class);

    /** So many mailboxes that have rung are looked at in one go: others are to have their turn. */
    private static final int AT_ONCE = 16;

    private final Session session;
    /** Empty until the client asks for the first time. Read on any thread. */
    private volatile Optional<EventGroups> wanted = Optional.empty();

    private Inventory told = Inventory.NOTHING;
    /** What the client has made, deleted, renamed or subscribed to itself since. */
    private final Set<String> own = new HashSet<>();

    private final Set<String> rung = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean restructured = new AtomicBoolean();
    /** Whether all mailboxes are to be counted, since nobody has listened for a while. */
    private boolean anew = true;

    private Optional<Inventory> look = Optional.empty();

    public Notifications(Session session) {
        this.session = session;
    }

    /** Whether the client hears of anything between commands. */
    public boolean on() {
        return wanted.filter(w -> !w.all().isEmpty()).isPresent();
    }

    /** That is told from now on, and nothing else. @param known what is known to the client to begin with */
    void set(EventGroups groups, Inventory known) {
        wanted = Optional.of(groups);
        told = known;
        own.clear();
        giveUp();
        session.watching().begin();
    }

    /** All is as if the client had never asked. */
    public void end() {
        wanted = Optional.empty();
        told = Inventory.NOTHING;
        giveUp();
    }

    // ---- the selected mailbox

    private Optional<EventGroup> ofSelected() {
        return wanted.flatMap(EventGroups::selected);
    }

    private boolean hears(Event event) {
        return wanted.isEmpty()
                || ofSelected().filter(g -> g.events().contains(event)).isPresent();
    }

    /** Whether the client hears of the selected mailbox at all. */
    public boolean hearsSelected() {
        return hears(Event.MESSAGE_NEW)
                || session.selected().filter(s -> !s.contexts().isEmpty()).isPresent();
    }

    /** Whether it does when that command is done: its own doings are told in any case. */
    public boolean hearsSelected(Request request) {
        CommandTable.After after = request.row().map(CommandTable.Row::after).orElse(CommandTable.After.NOTHING);
        return after != CommandTable.After.NOTHING
                && (hearsSelected() || request.row().orElseThrow().news());
    }

    /** Whether it hears of flags that others change there. */
    public boolean hearsFlags() {
        return hears(Event.FLAG_CHANGE);
    }

    /** Whether it has asked for them, so that it is told whose they are by UID: RFC 5465 5.1. */
    public boolean flagsWithUid() {
        return wanted.isPresent();
    }

    /** Whether it hears of the selected mailbox between commands as well. */
    public boolean hearsSelectedAtOnce() {
        return ofSelected().filter(g -> !g.events().isEmpty()).isPresent();
    }

    /** Whether numbers may change between commands, RFC 5465 6.1. */
    public boolean expungesAtOnce() {
        return ofSelected().filter(g -> !g.delayed()).isPresent();
    }

    private Set<String> attributes() {
        return ofSelected()
                .map(EventGroup::attributes)
                .filter(a -> !a.isEmpty())
                .map(Set::of)
                .orElse(Set.of());
    }

    /** Tells of these, which are new, what the client wants to know, RFC 5465 5.2. */
    public Fetching fetching(List<Entry> arrived) {
        return fetching(Map.of(attributes(), arrived));
    }

    /** Tells of these what searches that have found them ask for, by UID, with what is asked for of any: in one response, RFC 5465 5.2. */
    public Fetching fetching(Mailbox mailbox, Map<Long, Set<String>> found) {
        try {
            return found.isEmpty() ? Fetching.NOTHING : fetching(alike(mailbox, found));
        } catch (IOException broken) {
            // That they have come is told all the same.
            LOG.error("New messages that a search has found could not be fetched: {}", broken.toString());
            return Fetching.NOTHING;
        }
    }

    private Map<Set<String>, List<Entry>> alike(Mailbox mailbox, Map<Long, Set<String>> found) throws IOException {
        Map<Set<String>, List<Entry>> alike = new LinkedHashMap<>();
        for (Entry e : mailbox.entries(UidSet.ofUids(found.keySet().stream().mapToLong(Long::longValue)))) {
            Set<String> all = new LinkedHashSet<>(found.get(e.uid()));
            all.addAll(attributes());
            alike.computeIfAbsent(all, a -> new ArrayList<>()).add(e);
        }
        return alike;
    }

    private Fetching fetching(Map<Set<String>, List<Entry>> alike) {
        Deque<Fetching> rest = new ArrayDeque<>();
        alike.forEach((attributes, entries) -> {
            if (!attributes.isEmpty() && !entries.isEmpty())
                rest.add(Fetch.fetching(session, entries, FetchItems.of(attributes)));
        });
        if (rest.isEmpty()) return Fetching.NOTHING;
        return () -> {
            if (!rest.element().more()) rest.remove();
            return !rest.isEmpty();
        };
    }

    // ---- other mailboxes

    /** Whether annotations of that mailbox, or of the server under an empty name, are told to who hears of any. */
    public boolean hearsMetadata(String mailbox) {
        if (wanted.isEmpty()) return true;
        if (mailbox.isEmpty()) return wanted.get().server();
        return wanted.get()
                .events(session, mailbox, told.get(mailbox).subscribed())
                .contains(Event.MAILBOX_METADATA_CHANGE);
    }

    /** Whether a mailbox of that name may be one that the client hears of. On any thread. */
    public boolean mayHear(String name) {
        return wanted.filter(w -> !w.events(session, name, true).isEmpty()
                        || !w.events(session, name, false).isEmpty())
                .isPresent();
    }

    /** Something has happened in that mailbox; to mailboxes, or to annotations, if the name is empty. On any thread. */
    public void ring(String name) {
        if (name.isEmpty()) restructured.set(true);
        else rung.add(name);
    }

    /** From now on somebody listens to what happens: what has happened before is looked for in all mailboxes. */
    public void lookAnew() {
        anew = true;
        look = Optional.empty();
        ring("");
    }

    /** Whether there is something that has not been looked at. */
    public boolean behind() {
        return on() && (look.isPresent() || restructured.get() || !rung.isEmpty());
    }

    /** Nothing can be looked at now; whoever is to tell of it tries again, from the beginning. */
    public void giveUp() {
        anew = true;
        look = Optional.empty();
        rung.clear();
        restructured.set(false);
    }

    /** Tells a piece of what has happened, under the lease that is held. */
    public void more() throws IOException {
        if (look.isEmpty() && restructured.getAndSet(false)) {
            look = Optional.of(Inventory.begin(session, wanted.get(), anew ? Inventory.NOTHING : told));
            anew = false;
        }
        if (look.isPresent()) survey(look.get());
        else lookAtRung();
    }

    private void survey(Inventory now) {
        if (now.tooLarge()) overflow();
        else if (!now.count(session, (name, status) -> {})) {
            now.remember(told);
            NameChanges changes = NameChanges.between(told, now);
            changes.tell(session, wanted.get(), own);
            told = now;
            now.mailboxes().forEach(name -> now.get(name).status().ifPresent(s -> tell(name, changes.known(name), s)));
            own.clear();
            look = Optional.empty();
        }
    }

    /** RFC 5465 5.8. */
    private void overflow() {
        session.untagged("OK [NOTIFICATIONOVERFLOW] There are more mailboxes than can be watched");
        set(EventGroups.NONE, Inventory.NOTHING);
    }

    private void lookAtRung() {
        Iterator<String> names = rung.iterator();
        for (int i = 0; i < AT_ONCE && names.hasNext(); i++) {
            String name = names.next();
            // What rings from here on is looked at again.
            names.remove();
            Optional<Status> now = Inventory.status(session, name);
            if (now.isEmpty()) told.unread(name);
            // One that has come is counted with the others.
            if (now.isEmpty() || !told.get(name).selectable()) continue;
            tell(name, told.get(name), now.get());
            told.learn(name, now.get());
        }
    }

    private void tell(String name, Known before, Status now) {
        if (selected(name)) return;
        Set<Event> events = wanted.get().events(session, name, told.get(name).subscribed());
        List<StatusOf.Item> items = before.news(now, events, session.condstore());
        if (!items.isEmpty()) StatusOf.tell(session, name, now, items);
    }

    /** Tells what is there to begin with, RFC 5465 3.1. */
    void first(String name, Set<Event> events, Status now) {
        List<StatusOf.Item> items = selected(name) ? List.of() : Known.first(events);
        if (!items.isEmpty()) StatusOf.tell(session, name, now, items);
    }

    private boolean selected(String name) {
        return session.selected().map(Selection::name).filter(name::equals).isPresent();
    }

    // ---- what the client does itself, RFC 5465 5

    /** It has made, deleted or renamed a mailbox to that, or changed its subscription. */
    void own(String name) {
        if (on()) own.add(Sources.canonical(name));
    }

    /** It has put messages there, of which it is told otherwise. */
    void own(Mailbox mailbox, List<Long> uids) {
        if (!on() || uids.isEmpty()) return;
        UidSet added = UidSet.ofUids(uids.stream().mapToLong(Long::longValue));
        try {
            if (selected(mailbox.name())) session.selection().told(mailbox.entries(added));
            else learn(mailbox, added);
        } catch (IOException broken) {
            // They are there all the same, and it is told twice.
            LOG.warn("What has come into a mailbox could not be looked at: {}", broken.toString());
        }
    }

    /** If nothing else has happened there. */
    private void learn(Mailbox mailbox, UidSet added) throws IOException {
        Optional<Status> known = told.get(mailbox.name()).status();
        if (known.isEmpty()) return;
        Status now = mailbox.status();
        Changes since = mailbox.since(known.get().highestModSeq());
        boolean nothingElse = since.complete()
                && since.vanished().isEmpty()
                && since.entries().stream().allMatch(e -> added.contains(e.uid()));
        if (nothingElse) told.learn(mailbox.name(), now);
    }

    // ---- a swap of this part

    public void suspend(Map<String, String> values) {
        wanted.ifPresent(w -> w.suspend(values));
        if (on()) values.put("known", told.suspended());
    }

    /** Goes on where {@link #suspend} left off, if the page has anything. */
    public void resume(Map<String, String> values) {
        wanted = EventGroups.resume(values);
        told = Inventory.resume(values.getOrDefault("known", ""));
    }

    /** Whether the page has anything. */
    public static boolean in(Map<String, String> values) {
        return EventGroups.resume(values).isPresent();
    }
}
