package org.posthorn.imap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.imap.command.LiveSearch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The searches of a session that are kept up to date, RFC 5267 4.3; they end with the selection. */
public final class Contexts {

    private static final Logger LOG = LoggerFactory.getLogger(Contexts.class);

    private static final int MOST = 16;

    /** What all but the heaviest may keep together: it is one client's, and the memory is everybody's. */
    private static final long HEAVIEST = 1 << 18;

    /** What the heaviest may keep: one there must be, however large the mailbox is, RFC 5267 4.3.1. */
    private static final long HEAVIEST_ONE = 8 * HEAVIEST;

    /** How long others wait for their turn. What is not done by then is done in the next turn. */
    private static final long TURN = TimeUnit.MILLISECONDS.toNanos(50);

    private static final String PREFIX = "context.";

    private final List<Context> all = new ArrayList<>();

    /** By UID what is to be fetched of messages that have come in. */
    private final Map<Long, Set<String>> joined = new TreeMap<>();

    /** Whether a search of that tag is kept up to date. */
    public boolean has(String tag) {
        return all.stream().anyMatch(c -> c.tag().equals(tag));
    }

    /** Keeps it up to date from now on. @return whether there was room for it */
    public boolean add(Context context) {
        if (all.size() >= MOST) return false;
        all.add(context);
        return !tooHeavy() || !all.remove(context);
    }

    private boolean tooHeavy() {
        long together = all.stream().mapToLong(Context::weight).sum();
        long heaviest = all.stream().mapToLong(Context::weight).max().orElse(0);
        return heaviest > HEAVIEST_ONE || together - heaviest > HEAVIEST;
    }

    /** Nothing more is told of it; nothing happens when there is none of that tag. */
    public void cancel(String tag) {
        all.removeIf(c -> c.tag().equals(tag));
    }

    /** The line that says that a search is not, or no longer, kept up to date, RFC 5267 4.3.1. */
    public static String refusal(String tag, String why) {
        return "* NO [NOUPDATE \"" + tag + "\"] " + why + "\r\n";
    }

    /** Those end that tell sequence numbers. @return the lines about it */
    String endNumbers() {
        List<Context> some = all.stream().filter(Context::tellsNumbers).toList();
        return end(some, "UIDs alone are told from now on");
    }

    /** Those end that are told with the mailbox's name, which is another now. @return the lines about it */
    String endNamed() {
        List<Context> some = all.stream().filter(Context::namesMailbox).toList();
        return end(some, "The mailbox has another name now");
    }

    private String end(List<Context> some, String why) {
        all.removeAll(some);
        return some.stream().map(c -> refusal(c.tag(), why)).collect(Collectors.joining());
    }

    /** Whether no search is kept up to date. */
    public boolean isEmpty() {
        return all.isEmpty();
    }

    boolean behind() {
        return all.stream().anyMatch(Context::behind);
    }

    /** The lines about messages that are gone, while the view still has them. */
    String gone(UidSet uids, Uids view) {
        StringBuilder out = new StringBuilder();
        all.forEach(c -> out.append(c.gone(uids, view)));
        return out.toString();
    }

    void changed(UidSet uids) {
        if (!uids.isEmpty()) all.forEach(c -> c.changed(uids));
    }

    void arrived(UidSet uids) {
        if (!uids.isEmpty()) all.forEach(c -> c.arrived(uids));
    }

    /** What is to be fetched, by UID, of new messages that have come in since it was asked last. */
    Map<Long, Set<String>> takeJoined() {
        Map<Long, Set<String>> taken = Map.copyOf(joined);
        joined.clear();
        return taken;
    }

    private void join(Context context) {
        context.joined().stream().forEach(uid -> joined.computeIfAbsent(uid, u -> new LinkedHashSet<>())
                .add(context.attributes()));
    }

    /**
     * The lines about what has changed, as far as a turn goes: who has had one goes behind the others. One that cannot be kept up to date any more
     * is told so, and ends.
     */
    String look(Session session, Mailbox mailbox) {
        StringBuilder out = new StringBuilder();
        long until = session.services().nanoTime().getAsLong() + TURN;
        for (Context context : all.stream().filter(Context::behind).toList()) {
            all.remove(context);
            try {
                out.append(context.look(session, mailbox, until));
                join(context);
                all.add(context);
            } catch (IOException broken) {
                LOG.error("A search cannot be kept up to date", broken);
                out.append(refusal(context.tag(), "The messages could not be read"));
            }
            if (session.services().nanoTime().getAsLong() - until > 0) break;
        }
        return out.append(relieve()).toString();
    }

    /** What has become too much ends. */
    private String relieve() {
        StringBuilder out = new StringBuilder();
        while (tooHeavy()) {
            Context heaviest = Collections.max(all, Comparator.comparingLong(Context::weight));
            out.append(end(List.of(heaviest), "That has become too much to be kept up to date"));
        }
        return out.toString();
    }

    void suspend(Map<String, String> values) {
        for (int i = 0; i < all.size(); i++) {
            String prefix = PREFIX + i + ".";
            all.get(i).suspended().forEach((name, value) -> values.put(prefix + name, value));
        }
        if (!all.isEmpty()) values.put("contexts", Integer.toString(all.size()));
    }

    /** Whether the page has any. */
    static boolean in(Map<String, String> values) {
        return values.containsKey("contexts");
    }

    /** Whether new messages are fetched for any of the page's. */
    static boolean fetch(Map<String, String> values) {
        return values.keySet().stream().anyMatch(name -> name.startsWith(PREFIX) && name.endsWith(".attributes"));
    }

    void resume(Map<String, String> values, Selection view) {
        IntStream.range(0, Integer.parseInt(values.getOrDefault("contexts", "0")))
                .mapToObj(i -> PREFIX + i + ".")
                .forEach(prefix -> all.add(LiveSearch.resume(name -> values.get(prefix + name), view)));
    }
}
