package org.posthorn.imap.command;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PrimitiveIterator;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.Context;
import org.posthorn.imap.Contexts;
import org.posthorn.imap.Request;
import org.posthorn.imap.Selection;
import org.posthorn.imap.Session;
import org.posthorn.imap.Suspension;
import org.posthorn.imap.Text;
import org.posthorn.imap.Uids;
import org.posthorn.imap.command.SearchReturns.Option;

/** A SEARCH or SORT whose answer is kept up to date, RFC 5267 4.3: only messages that have changed are looked at again. */
public final class LiveSearch implements Context {

    /** So many UIDs are asked of the mailbox at a time. */
    private static final int SLICE = 1000;

    private final String tag;
    private final String correlators;
    private final boolean uid;
    private final SearchProgram program;
    private final Optional<SortOrder> order;
    private final Results results;
    private final String attributes;
    /** Those of the messages to be looked at that are new, as far as anything is fetched of them. */
    private UidSet fresh = UidSet.EMPTY;

    private UidSet joined = UidSet.EMPTY;
    private UidSet changed = UidSet.EMPTY;

    /**
     * @param correlators what connects a line with the command
     * @param attributes what is fetched of new messages, RFC 5465 7; empty for nothing
     */
    private LiveSearch(
            String tag,
            String correlators,
            boolean uid,
            SearchProgram program,
            Optional<SortOrder> order,
            Results results,
            String attributes) {
        this.tag = tag;
        this.correlators = correlators;
        this.uid = uid;
        this.program = program;
        this.order = order;
        this.results = results;
        this.attributes = attributes;
    }

    private static Results results(Optional<SortOrder> order, List<Long> uids) {
        return order.isPresent()
                ? new ResultList(order.get(), uids)
                : new ResultSet(UidSet.ofUids(uids.stream().mapToLong(Long::longValue)));
    }

    /** Keeps what was found up to date, if that was asked for. @return the line that says that it cannot be done, or nothing */
    static String begin(
            Session session,
            Request request,
            Optional<SearchReturns> returns,
            SearchProgram program,
            Optional<SortOrder> order,
            List<Entry> found) {
        if (returns.filter(r -> r.has(Option.UPDATE)).isEmpty()) return "";
        Results results = results(order, found.stream().map(Entry::uid).toList());
        String tag = request.tag();
        String attributes = returns.get().attributes();
        return keep(
                session,
                new LiveSearch(tag, SearchAnswer.correlators(tag), request.uid(), program, order, results, attributes));
    }

    /** The same for one that is told by UID, with the mailbox. @param correlators what connects a line with the command */
    static String begin(
            Session session,
            String tag,
            String correlators,
            SearchReturns returns,
            SearchProgram program,
            List<Entry> found) {
        Results results =
                results(Optional.empty(), found.stream().map(Entry::uid).toList());
        return keep(
                session,
                new LiveSearch(tag, correlators, true, program, Optional.empty(), results, returns.attributes()));
    }

    private static String keep(Session session, LiveSearch search) {
        if (search.program.timed()) return Contexts.refusal(search.tag, "What is found changes with the time");
        boolean kept = session.selection().contexts().add(search);
        return kept ? "" : Contexts.refusal(search.tag, "That is too much to be kept up to date");
    }

    /** Goes on where {@link #suspended} left off: with keys that IMAP4rev2 may know no longer. @param values gives each value by its name */
    public static LiveSearch resume(UnaryOperator<String> values, Selection view) {
        Optional<SortOrder> order =
                Optional.ofNullable(values.apply("order")).map(o -> SortOrder.parse(new Arguments(o)));
        Iterator<UidSet> fixed = Arrays.stream(values.apply("fixed").split(";", -1))
                .map(Suspension::set)
                .iterator();
        LiveSearch search = new LiveSearch(
                values.apply("tag"),
                values.apply("correlators"),
                Boolean.parseBoolean(values.apply("uid")),
                new SearchParser(new Arguments(values.apply("keys")), view, fixed).parse(),
                order,
                results(order, inOrder(values.apply("found"))),
                Optional.ofNullable(values.apply("attributes")).orElse(""));
        search.fresh = Suspension.set(Optional.ofNullable(values.apply("fresh")).orElse(""));
        search.changed = Suspension.set(values.apply("changed"));
        return search;
    }

    private static List<Long> inOrder(String ranges) {
        return Arrays.stream(ranges.split(","))
                .flatMapToLong(r -> Suspension.set(r).stream())
                .boxed()
                .toList();
    }

    @Override
    public Map<String, String> suspended() {
        Map<String, String> values = new HashMap<>();
        values.put("tag", tag);
        values.put("correlators", correlators);
        values.put("uid", Boolean.toString(uid));
        values.put("keys", program.text());
        values.put("fixed", program.fixed().stream().map(UidSet::toString).collect(Collectors.joining(";")));
        order.ifPresent(o -> values.put("order", o.toString()));
        values.put("found", results.suspended());
        values.put("changed", changed.toString());
        if (!attributes.isEmpty()) values.putAll(Map.of("attributes", attributes, "fresh", fresh.toString()));
        return values;
    }

    @Override
    public String tag() {
        return tag;
    }

    @Override
    public boolean tellsNumbers() {
        return !uid;
    }

    @Override
    public boolean namesMailbox() {
        return !correlators.equals(SearchAnswer.correlators(tag));
    }

    @Override
    public long weight() {
        long fixed =
                program.fixed().stream().mapToLong(set -> set.ranges().size()).sum();
        return results.weight()
                + tag.length()
                + attributes.length()
                + 4L * fresh.ranges().size()
                + correlators.length()
                + program.text().length()
                + 4 * fixed
                + 4L * changed.ranges().size();
    }

    @Override
    public String gone(UidSet uids, Uids view) {
        return line(told("REMOVEFROM", results.remove(uids), view));
    }

    @Override
    public void changed(UidSet uids) {
        changed = Uids.union(changed, uids);
    }

    @Override
    public void arrived(UidSet uids) {
        if (!attributes.isEmpty()) fresh = Uids.union(fresh, uids);
    }

    @Override
    public String attributes() {
        return attributes;
    }

    @Override
    public UidSet joined() {
        return joined;
    }

    @Override
    public boolean behind() {
        return !changed.isEmpty();
    }

    @Override
    public String look(Session session, Mailbox mailbox, long until) throws IOException {
        joined = UidSet.EMPTY;
        if (changed.isEmpty()) return "";
        List<Long> out = new ArrayList<>();
        PrimitiveIterator.OfLong rest = changed.iterator();
        long seen = 0;
        while (rest.hasNext() && (seen == 0 || !late(session, until)))
            seen = look(session, mailbox, slice(rest), until, out);
        changed = changed.without(UidSet.range(1, seen));
        fresh = fresh.without(UidSet.range(1, seen));
        Uids view = session.selection().uids();
        // Positions of what comes in count what is going out after it.
        String in = told("ADDTO", results.added(), view);
        return line(in
                + told("REMOVEFROM", results.remove(UidSet.ofUids(out.stream().mapToLong(u -> u))), view));
    }

    private static boolean late(Session session, long until) {
        return session.services().nanoTime().getAsLong() - until > 0;
    }

    private static UidSet slice(PrimitiveIterator.OfLong rest) {
        LongStream.Builder some = LongStream.builder();
        for (int i = 0; i < SLICE && rest.hasNext(); i++) some.add(rest.nextLong());
        return UidSet.ofUids(some.build());
    }

    /** @param out takes those that are found no longer. @return how far it has come */
    private long look(Session session, Mailbox mailbox, UidSet slice, long until, List<Long> out) throws IOException {
        for (Entry entry : mailbox.entries(slice)) {
            look(new Candidate(session, mailbox, session.selection(), entry, program.words()), out);
            if (late(session, until)) return entry.uid();
        }
        return slice.ranges().get(slice.ranges().size() - 1).last();
    }

    private void look(Candidate message, List<Long> out) throws IOException {
        boolean before = results.has(message.entry().uid());
        try {
            boolean now = program.key().matches(message);
            if (now && !before) join(message);
            if (!now && before) out.add(message.entry().uid());
        } catch (FileNotFoundException | NoSuchFileException gone) {
            // Another session or program was faster, and that is going to be told.
        }
    }

    private void join(Candidate message) throws IOException {
        results.add(message);
        long uid = message.entry().uid();
        if (fresh.contains(uid)) joined = Uids.union(joined, UidSet.of(uid));
    }

    private String told(String name, List<Results.Change> changes, Uids view) {
        if (changes.isEmpty()) return "";
        return changes.stream()
                .map(c -> c.position() + " " + Text.inOrder(numbers(c.uids(), view)))
                .collect(Collectors.joining(" ", " " + name + " (", ")"));
    }

    private List<Long> numbers(List<Long> uids, Uids view) {
        return uid ? uids : uids.stream().map(u -> (long) view.sequence(u)).toList();
    }

    private String line(String changes) {
        if (changes.isEmpty()) return "";
        return "* ESEARCH (" + correlators + ")" + (uid ? " UID" : "") + changes + "\r\n";
    }
}
