package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.posthorn.jmap.Filter;
import org.posthorn.jmap.MethodError;
import org.posthorn.jmap.MethodFault;
import org.posthorn.jmap.ObjectLog;
import org.posthorn.jmap.Sort;

/** What a query for EmailSubmissions asks for, RFC 8621 7.3. */
record SubmissionSearch(Predicate<SubmissionRecord> filter, Comparator<ObjectLog.Entry> order) {

    private static final Comparator<SubmissionRecord> BY_TIME = Comparator.comparing(SubmissionRecord::sendAt);

    /** The RFC says sentAt, and means the property, which is called sendAt. */
    private static final Map<String, Comparator<SubmissionRecord>> ORDERS = Map.of(
            "emailId",
            Comparator.comparing(s -> s.text("emailId")),
            "threadId",
            Comparator.comparing(s -> s.text("threadId")),
            "sentAt",
            BY_TIME,
            "sendAt",
            BY_TIME);

    static SubmissionSearch of(Optional<Filter> filter, List<Sort> sort) throws MethodFault {
        if (filter.isPresent()) EmailFilter.bounded(filter.get());
        Predicate<SubmissionRecord> wanted =
                filter.isEmpty() ? s -> true : Filter.predicate(filter.get(), SubmissionSearch::condition);
        return new SubmissionSearch(wanted, order(sort));
    }

    private static Comparator<ObjectLog.Entry> order(List<Sort> sort) throws MethodFault {
        Comparator<SubmissionRecord> order = (a, b) -> 0;
        for (Sort by : sort) {
            Comparator<SubmissionRecord> next = ORDERS.get(by.property());
            if (next == null) throw new MethodFault(MethodError.UNSUPPORTED_SORT);
            order = order.thenComparing(by.ascending() ? next : next.reversed());
        }
        Comparator<SubmissionRecord> whole = order;
        Comparator<ObjectLog.Entry> entries =
                (a, b) -> whole.compare(new SubmissionRecord(a.object()), new SubmissionRecord(b.object()));
        return entries.thenComparing(ObjectLog.Entry::number);
    }

    private static Predicate<SubmissionRecord> condition(ObjectNode json) throws MethodFault {
        Predicate<SubmissionRecord> all = s -> true;
        for (Map.Entry<String, JsonNode> one : json.properties())
            all = all.and(condition(one.getKey(), one.getValue()));
        return all;
    }

    private static Predicate<SubmissionRecord> condition(String name, JsonNode value) throws MethodFault {
        switch (name) {
            case "identityIds", "emailIds", "threadIds":
                Set<String> ids = Set.copyOf(Values.texts(name, value));
                String property = name.substring(0, name.length() - 1);
                return s -> ids.contains(s.text(property));
            case "undoStatus":
                String status = Values.text(name, value);
                return s -> s.text(name).equals(status);
            case "before":
                Instant before = Values.date(name, value);
                return s -> s.sendAt().isBefore(before);
            case "after":
                Instant after = Values.date(name, value);
                return s -> !s.sendAt().isBefore(after);
            default:
                throw new MethodFault(MethodError.UNSUPPORTED_FILTER);
        }
    }

    /** What is found, in its order. */
    List<String> ids(ObjectLog log) {
        return log.all().stream()
                .filter(e -> filter.test(new SubmissionRecord(e.object())))
                .sorted(order)
                .map(e -> SubmissionRecord.IDS.of(e.number()))
                .toList();
    }
}
