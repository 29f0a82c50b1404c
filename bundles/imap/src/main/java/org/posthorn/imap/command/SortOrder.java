package org.posthorn.imap.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.SyntaxFault;

/** The order that a SORT asks for, RFC 5256 3: the first criterion that tells two messages apart. */
record SortOrder(List<Criterion> criteria) {

    record Criterion(SortKey key, boolean reverse) {

        @Override
        public String toString() {
            return (reverse ? "REVERSE " : "") + key;
        }
    }

    /** As a client writes it. */
    @Override
    public String toString() {
        return criteria.stream().map(Criterion::toString).collect(Collectors.joining(" ", "(", ")"));
    }

    /** A message with its keys. */
    record Row(Entry entry, List<byte[]> keys) {}

    static SortOrder parse(Arguments in) {
        List<Criterion> criteria = new ArrayList<>();
        in.expect('(');
        do add(criteria, criterion(in));
        while (in.passSpace());
        in.expect(')');
        return new SortOrder(criteria);
    }

    /** What was named before has told apart already what it can. */
    private static void add(List<Criterion> criteria, Criterion next) {
        if (criteria.stream().noneMatch(c -> c.key == next.key)) criteria.add(next);
    }

    private static Criterion criterion(Arguments in) {
        String name = in.keyword();
        boolean reverse = name.equals("REVERSE");
        return new Criterion(key(reverse ? in.space().keyword() : name), reverse);
    }

    private static SortKey key(String name) {
        for (SortKey key : SortKey.values()) if (key.name().equals(name)) return key;
        throw new SyntaxFault("There is no such criterion");
    }

    Row row(Candidate message, Budget budget) throws IOException {
        List<byte[]> keys = new ArrayList<>(criteria.size());
        for (Criterion c : criteria) keys.add(c.key.of(message));
        budget.take(keys.stream().mapToLong(k -> k.length).sum());
        return new Row(message.entry(), keys);
    }

    List<Entry> sorted(List<Row> rows) {
        return rows.stream().sorted(comparator()).map(Row::entry).toList();
    }

    /** Those that no criterion tells apart are in the order of the mailbox. */
    Comparator<Row> comparator() {
        Comparator<Row> all = (a, b) -> 0;
        for (int i = 0; i < criteria.size(); i++) {
            int place = i;
            Comparator<Row> one = (a, b) -> Arrays.compareUnsigned(a.keys.get(place), b.keys.get(place));
            all = all.thenComparing(criteria.get(i).reverse ? one.reversed() : one);
        }
        return all.thenComparingLong(row -> row.entry.uid());
    }
}
