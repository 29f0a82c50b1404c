package org.posthorn.imap.command;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.posthorn.api.mailbox.Listed;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.api.mailbox.MailboxFault;
import org.posthorn.api.mailbox.Status;
import org.posthorn.imap.Levels;
import org.posthorn.imap.Session;
import org.posthorn.mime.ModifiedUtf7;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All mailboxes and subscriptions at one time, with the numbers of those that a client wants to hear of. */
final class Inventory {

    private static final Logger LOG = LoggerFactory.getLogger(Inventory.class);

    /** So many of them at most: each is looked at again and again. */
    static final int MOST = 1000;

    /** So many are counted in one go: others are to have their turn. */
    private static final int AT_ONCE = 16;

    /** What is known of nothing; nothing can be learned of it. */
    static final Inventory NOTHING = new Inventory();

    private final NavigableMap<String, Known> all = new TreeMap<>();
    private final Deque<String> uncounted = new ArrayDeque<>();
    /** Those that could not be counted when they should have been. */
    private final Set<String> unread = new HashSet<>();

    private int watched;

    /** Looks what is there. To be counted then. @param before whose numbers are still known: what happens in those mailboxes rings by itself */
    static Inventory begin(Session session, EventGroups wanted, Inventory before) throws IOException {
        Inventory now = new Inventory();
        for (Listed l : session.account().list())
            now.all.put(l.name(), new Known(Optional.of(l), l.subscribed(), Optional.empty()));
        for (String name : session.account().subscriptions())
            now.all.putIfAbsent(name, new Known(Optional.empty(), true, Optional.empty()));
        now.all.forEach((name, known) -> {
            Set<Event> events = wanted.events(session, name, known.subscribed());
            // Its identifier tells whether one that has come is one that has gone.
            boolean counts = events.contains(Event.MESSAGE_NEW) || events.contains(Event.MAILBOX_NAME);
            if (!known.selectable() || !counts) return;
            now.watched++;
            if (!before.knows(name)) now.uncounted.add(name);
        });
        return now;
    }

    boolean tooLarge() {
        return watched > MOST;
    }

    /** Counts the next ones. @return whether there are more */
    boolean count(Session session, BiConsumer<String, Status> counted) {
        for (int i = 0; i < AT_ONCE && !uncounted.isEmpty(); i++) {
            String name = uncounted.poll();
            Optional<Status> status = status(session, name);
            status.ifPresent(s -> all.put(name, all.get(name).with(s)));
            status.ifPresent(s -> counted.accept(name, s));
            if (status.isEmpty()) unread.add(name);
        }
        return !uncounted.isEmpty();
    }

    private boolean knows(String name) {
        return get(name).status().isPresent() && !unread.contains(name);
    }

    /** It has rung and could not be counted: what is known of it is old. */
    void unread(String name) {
        unread.add(name);
    }

    /** Empty for one that has gone, which is going to be told, and for one that cannot be read: others are told all the same, and it is tried again. */
    static Optional<Status> status(Session session, String name) {
        try {
            Optional<Mailbox> mailbox = session.account().mailbox(name);
            return mailbox.isEmpty()
                    ? Optional.empty()
                    : Optional.of(mailbox.get().status());
        } catch (MailboxFault gone) {
            return Optional.empty();
        } catch (IOException broken) {
            LOG.error(
                    "Mailbox {} of {} could not be read: {}",
                    name,
                    session.user().orElseThrow(),
                    broken.toString());
            session.watching().tryAgain(name);
            return Optional.empty();
        }
    }

    /** Of those that could not be counted what was known before is known still. */
    void remember(Inventory before) {
        all.replaceAll((name, known) -> known.selectable() && known.status().isEmpty()
                ? new Known(known.listed(), known.subscribed(), before.get(name).status())
                : known);
    }

    Known get(String name) {
        return all.getOrDefault(name, new Known(Optional.empty(), false, Optional.empty()));
    }

    /** That is known of it now; of one that has just gone nothing is. */
    void learn(String name, Status now) {
        all.computeIfPresent(name, (n, known) -> known.with(now));
        unread.remove(name);
    }

    Set<String> names() {
        return all.keySet();
    }

    Stream<String> mailboxes() {
        return all.keySet().stream().filter(name -> get(name).selectable());
    }

    /** The MAILBOXID of one that has been counted. */
    Optional<String> id(String name) {
        return get(name).status().map(Status::mailboxId);
    }

    boolean anyBelow(String name) {
        // Both separators lie between these two.
        return all.subMap(name + ".", name + "0").values().stream()
                .flatMap(known -> known.listed().stream())
                .anyMatch(l -> Levels.isBelow(l.name(), name));
    }

    /** A line for each name. */
    String suspended() {
        return all.entrySet().stream().map(e -> line(e.getKey(), e.getValue())).collect(Collectors.joining("\n"));
    }

    private static String line(String name, Known known) {
        String kind =
                known.listed().map(l -> l.selectable() ? "mailbox" : "level").orElse("none");
        String numbers = known.status()
                .map(s -> " " + s.messages() + " " + s.unseen() + " " + s.uidNext() + " " + s.uidValidity() + " "
                        + s.highestModSeq() + " " + s.mailboxId())
                .orElse("");
        return kind + " " + known.subscribed() + numbers + "\t" + ModifiedUtf7.encode(name);
    }

    static Inventory resume(String lines) {
        Inventory before = new Inventory();
        Arrays.stream(lines.split("\n")).filter(line -> !line.isEmpty()).forEach(before::take);
        return before;
    }

    private void take(String line) {
        int tab = line.indexOf('\t');
        String name = ModifiedUtf7.decode(line.substring(tab + 1)).orElseThrow();
        String[] words = line.substring(0, tab).split(" ");
        boolean subscribed = Boolean.parseBoolean(words[1]);
        Optional<Listed> listed = words[0].equals("none")
                ? Optional.empty()
                : Optional.of(new Listed(name, words[0].equals("mailbox"), subscribed, Optional.empty()));
        all.put(name, new Known(listed, subscribed, words.length == 2 ? Optional.empty() : Optional.of(status(words))));
    }

    private static Status status(String[] words) {
        long[] n = Arrays.stream(words, 2, 7).mapToLong(Long::parseLong).toArray();
        return new Status(n[0], 0, n[1], 0, 0, n[2], n[3], n[4], 0, 0, words[7]);
    }
}
