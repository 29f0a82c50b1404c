package org.posthorn.imap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
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

    /** What all of them may keep together: it is one client's, and the memory is everybody's. */
    private static final long HEAVIEST = 1 << 18;

    /** How long others wait for their turn. What is not done by then is done with the next news. */
    private static final long TURN = TimeUnit.MILLISECONDS.toNanos(50);

    private static final String PREFIX = "context.";

    private final List<Context> all = new ArrayList<>();

    /** Whether a search of that tag is kept up to date. */
    public boolean has(String tag) {
        return all.stream().anyMatch(c -> c.tag().equals(tag));
    }

    /** Keeps it up to date from now on. @return whether there was room for it */
    public boolean add(Context context) {
        long weight = context.weight() + all.stream().mapToLong(Context::weight).sum();
        return all.size() < MOST && weight <= HEAVIEST && all.add(context);
    }

    /** Nothing more is told of it; nothing happens when there is none of that tag. */
    public void cancel(String tag) {
        all.removeIf(c -> c.tag().equals(tag));
    }

    /** The line that says that a search is not, or no longer, kept up to date, RFC 5267 4.3.1. */
    public static String refusal(String tag, String why) {
        return "* NO [NOUPDATE \"" + tag + "\"] " + why + "\r\n";
    }

    boolean isEmpty() {
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

    /** The lines about what has changed, as far as a turn goes. One that cannot be kept up to date any more is told so, and ends. */
    String look(Session session, Mailbox mailbox) {
        StringBuilder out = new StringBuilder();
        long until = session.services().nanoTime().getAsLong() + TURN;
        for (Context context : List.copyOf(all))
            try {
                out.append(context.look(session, mailbox, until));
            } catch (IOException broken) {
                LOG.error("A search cannot be kept up to date", broken);
                all.remove(context);
                out.append(refusal(context.tag(), "The messages could not be read"));
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

    void resume(Map<String, String> values, Selection view) {
        IntStream.range(0, Integer.parseInt(values.getOrDefault("contexts", "0")))
                .mapToObj(i -> PREFIX + i + ".")
                .forEach(prefix -> all.add(LiveSearch.resume(name -> values.get(prefix + name), view)));
    }
}
