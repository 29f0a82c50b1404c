package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.posthorn.api.mailbox.Email;
import org.posthorn.jmap.Filter;
import org.posthorn.jmap.MethodError;
import org.posthorn.jmap.MethodFault;
import org.posthorn.mime.Needle;
import org.posthorn.mime.TextSearch;

/** Reads the filter of Email/query, RFC 8621 4.4.1. */
final class EmailFilter {

    /** Where {@code text} looks beside the text itself. */
    private static final List<String> TEXT_FIELDS = List.of("From", "To", "Cc", "Bcc", "Subject");

    private static final int MOST_CONDITIONS = 500;

    /** Reads the value of one property. */
    private interface Reading {
        Condition of(EmailFilter filter, String name, JsonNode value) throws MethodFault;
    }

    private static final Map<String, Reading> READINGS = Map.ofEntries(
            Map.entry("inMailbox", (f, name, value) -> inMailbox(Values.text(name, value))),
            Map.entry("inMailboxOtherThan", (f, name, value) -> otherThan(Set.copyOf(Values.texts(name, value)))),
            Map.entry("before", (f, name, value) -> received(name, value, Instant::isBefore)),
            Map.entry("after", (f, name, value) -> received(name, value, (at, limit) -> !at.isBefore(limit))),
            Map.entry("minSize", (f, name, value) -> size(name, value, (size, limit) -> size >= limit)),
            Map.entry("maxSize", (f, name, value) -> size(name, value, (size, limit) -> size < limit)),
            Map.entry("allInThreadHaveKeyword", (f, name, value) -> f.thread(name, value, Stream::allMatch)),
            Map.entry("someInThreadHaveKeyword", (f, name, value) -> f.thread(name, value, Stream::anyMatch)),
            Map.entry("noneInThreadHaveKeyword", (f, name, value) -> f.thread(name, value, Stream::noneMatch)),
            Map.entry("hasKeyword", (f, name, value) -> new Condition.Known(keyword(name, value))),
            Map.entry(
                    "notKeyword",
                    (f, name, value) -> new Condition.Known(keyword(name, value).negate())),
            Map.entry("hasAttachment", (f, name, value) -> new Condition.HasAttachment(Values.bool(name, value))),
            Map.entry("text", (f, name, value) -> f.words(Values.text(name, value), TEXT_FIELDS)),
            Map.entry("body", (f, name, value) -> f.words(Values.text(name, value), List.of())),
            Map.entry("from", EmailFilter::field),
            Map.entry("to", EmailFilter::field),
            Map.entry("cc", EmailFilter::field),
            Map.entry("bcc", EmailFilter::field),
            Map.entry("subject", EmailFilter::field),
            Map.entry("header", EmailFilter::header));

    private final List<Needle> texts = new ArrayList<>();
    private int words;
    private boolean asksThread;
    private boolean fixed = true;

    private EmailFilter() {}

    /**
     * A filter that has been read.
     *
     * @param texts all that it asks of the text of a message
     * @param asksThread whether it asks for other Emails of a thread
     * @param isFixed whether it asks for nothing that changes, as keywords and mailboxes do
     * @param mailbox the id of one in which all that is found lies, if it says one
     */
    record Read(
            Condition condition, List<Needle> texts, boolean asksThread, boolean isFixed, Optional<String> mailbox) {}

    static Read read(Optional<Filter> filter) throws MethodFault {
        if (filter.isPresent()) bounded(filter.get());
        EmailFilter reader = new EmailFilter();
        Condition condition = filter.isEmpty() ? new Condition.All(List.of()) : reader.condition(filter.get());
        return new Read(condition, reader.texts, reader.asksThread, reader.fixed, filter.flatMap(EmailFilter::mailbox));
    }

    private static Optional<String> mailbox(Filter filter) {
        if (filter instanceof Filter.Condition one)
            return Optional.ofNullable(one.properties().get("inMailbox")).map(JsonNode::textValue);
        Filter.Operator operator = (Filter.Operator) filter;
        if (operator.join() != Filter.Join.AND) return Optional.empty();
        return operator.filters().stream().flatMap(f -> mailbox(f).stream()).findFirst();
    }

    /** @throws MethodFault unsupportedFilter when it is made of more than a server should look at for each object */
    static void bounded(Filter filter) throws MethodFault {
        if (size(filter) > MOST_CONDITIONS) throw new MethodFault(MethodError.UNSUPPORTED_FILTER);
    }

    private static long size(Filter filter) {
        return filter instanceof Filter.Operator operator
                ? 1 + operator.filters().stream().mapToLong(EmailFilter::size).sum()
                : ((Filter.Condition) filter).properties().size();
    }

    private Condition condition(Filter filter) throws MethodFault {
        if (filter instanceof Filter.Condition one) return condition(one.properties());
        Filter.Operator operator = (Filter.Operator) filter;
        List<Condition> all = new ArrayList<>();
        for (Filter part : operator.filters()) all.add(condition(part));
        return switch (operator.join()) {
            case AND -> new Condition.All(all);
            case OR -> new Condition.Any(all);
            case NOT -> new Condition.Not(new Condition.Any(all));
        };
    }

    private Condition condition(ObjectNode properties) throws MethodFault {
        List<Condition> all = new ArrayList<>();
        for (Map.Entry<String, JsonNode> property : properties.properties()) {
            Reading reading = READINGS.get(property.getKey());
            if (reading == null) throw new MethodFault(MethodError.UNSUPPORTED_FILTER);
            fixed &= !property.getKey().matches("inMailbox.*|.*Keyword");
            all.add(reading.of(this, property.getKey(), property.getValue()));
        }
        return new Condition.All(all);
    }

    private static Condition inMailbox(String id) {
        return new Condition.Known(
                email -> email.places().stream().anyMatch(p -> p.mailboxId().equals(id)));
    }

    private static Condition otherThan(Set<String> ids) {
        return new Condition.Known(email -> email.places().stream().anyMatch(p -> !ids.contains(p.mailboxId())));
    }

    private static Condition received(String name, JsonNode value, BiPredicate<Instant, Instant> test)
            throws MethodFault {
        Instant limit = Values.date(name, value);
        return new Condition.Known(email -> test.test(Metadata.receivedAt(email), limit));
    }

    private static Condition size(String name, JsonNode value, BiPredicate<Long, Long> test) throws MethodFault {
        long limit = Values.unsigned(name, value);
        return new Condition.Known(email -> test.test(Metadata.size(email), limit));
    }

    private Condition thread(String name, JsonNode value, BiPredicate<Stream<Email>, Predicate<Email>> test)
            throws MethodFault {
        asksThread = true;
        Predicate<Email> keyword = keyword(name, value);
        return new Condition.InThread(thread -> test.test(thread.stream(), keyword));
    }

    private static Predicate<Email> keyword(String name, JsonNode value) throws MethodFault {
        String keyword = Values.text(name, value);
        return email -> Metadata.hasKeyword(email, keyword);
    }

    private Condition field(String name, JsonNode value) throws MethodFault {
        return new Condition.Field(name, needles(Values.text(name, value)));
    }

    private Condition header(String name, JsonNode value) throws MethodFault {
        List<String> parts = Values.texts(name, value);
        if (parts.isEmpty() || parts.size() > 2) throw MethodFault.invalid("header has one item or two");
        return new Condition.Field(parts.get(0), parts.size() == 1 ? List.of() : needles(parts.get(1)));
    }

    private Condition words(String text, List<String> fields) throws MethodFault {
        List<Needle> needles = needles(text);
        texts.addAll(needles);
        return new Condition.All(needles.stream()
                .<Condition>map(n -> new Condition.Words(n, fields))
                .toList());
    }

    private List<Needle> needles(String text) throws MethodFault {
        List<Needle> needles = SearchWords.of(text).stream()
                .map(w -> new Needle(TextSearch.fold(w)))
                .toList();
        words += needles.size();
        if (words > SearchWords.MOST) throw new MethodFault(MethodError.UNSUPPORTED_FILTER);
        return needles;
    }
}
