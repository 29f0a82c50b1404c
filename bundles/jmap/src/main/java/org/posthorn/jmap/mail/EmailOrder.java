package org.posthorn.jmap.mail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.posthorn.api.mail.HeaderField;
import org.posthorn.api.mailbox.Email;
import org.posthorn.jmap.MethodError;
import org.posthorn.jmap.MethodFault;
import org.posthorn.jmap.Sort;
import org.posthorn.jmap.mail.Condition.Cost;
import org.posthorn.mime.Casemap;
import org.posthorn.mime.EncodedWords;
import org.posthorn.mime.PlainSubject;
import org.posthorn.mime.SentDate;

/** The order that a query asks for, RFC 8621 4.4.2: the first comparator that tells two Emails apart; then when they came, then their ids. For one search. */
final class EmailOrder {

    private static final String ASCII = "i;ascii-casemap";
    private static final Set<String> COLLATIONS = Set.of("", ASCII, "i;unicode-casemap");

    /** What keys of text have beyond that, in characters, does not count: those of all Emails are in memory at once. */
    private static final int LONGEST = 250;

    static final int MOST_SORTS = 10;

    /** What is compared. */
    private interface Reading {
        Comparable<?> of(Candidate email, Sort sort) throws IOException;
    }

    /** Something to sort by, and what it costs to know it of an Email. */
    private record Key(Cost cost, boolean keyword, Reading reading) {}

    /** When it comes back from its sleep or has come back, else when it came: as Cyrus IMAP has it, so that what comes back stands on top. */
    static final String SNOOZED_UNTIL = "snoozedUntil";

    private static final Map<String, Key> KEYS = Map.of(
            "receivedAt",
            new Key(Cost.INDEX, false, (e, sort) -> Metadata.receivedAt(e.email())),
            SNOOZED_UNTIL,
            new Key(Cost.INDEX, false, (e, sort) -> e.snoozedUntil()),
            "size",
            new Key(Cost.INDEX, false, (e, sort) -> Metadata.size(e.email())),
            "from",
            new Key(Cost.HEADER, false, (e, sort) -> collated(EmailAddresses.shown(field(e, "From")), sort)),
            "to",
            new Key(Cost.HEADER, false, (e, sort) -> collated(EmailAddresses.shown(field(e, "To")), sort)),
            "subject",
            new Key(Cost.HEADER, false, (e, sort) -> collated(subject(e), sort)),
            "sentAt",
            new Key(Cost.HEADER, false, (e, sort) -> sentAt(e)),
            "hasKeyword",
            new Key(Cost.INDEX, true, (e, sort) -> has(sort).test(e.email())),
            "allInThreadHaveKeyword",
            new Key(Cost.THREAD, true, (e, sort) -> e.thread().stream().allMatch(has(sort))),
            "someInThreadHaveKeyword",
            new Key(Cost.THREAD, true, (e, sort) -> e.thread().stream().anyMatch(has(sort))));

    /** What the server can sort by. */
    static final List<String> OPTIONS = KEYS.keySet().stream().sorted().toList();

    /** The same in an account of another one. */
    static final List<String> SHARED_OPTIONS =
            OPTIONS.stream().filter(option -> !option.equals(SNOOZED_UNTIL)).toList();

    /** An Email with its keys. */
    record Row(Email email, List<Comparable<?>> keys) {}

    private final List<Sort> sorts;
    private final List<Map<Long, Comparable<?>>> ofThreads = new ArrayList<>();

    private EmailOrder(List<Sort> sorts) {
        this.sorts = List.copyOf(sorts);
        for (int i = 0; i < sorts.size(); i++) ofThreads.add(new HashMap<>());
    }

    /** @throws MethodFault unsupportedSort, or invalidArguments where a keyword is missing */
    static EmailOrder of(List<Sort> sorts) throws MethodFault {
        if (sorts.size() > MOST_SORTS) throw new MethodFault(MethodError.UNSUPPORTED_SORT);
        for (Sort sort : sorts) {
            Key key = KEYS.get(sort.property());
            if (key == null || !COLLATIONS.contains(sort.collation()))
                throw new MethodFault(MethodError.UNSUPPORTED_SORT);
            if (key.keyword && !sort.json().path("keyword").isTextual())
                throw MethodFault.invalid(sort.property() + " needs a keyword");
        }
        return new EmailOrder(sorts);
    }

    /** Whether it asks for something that costs so much. */
    boolean asks(Cost cost) {
        return sorts.stream().anyMatch(s -> KEYS.get(s.property()).cost == cost);
    }

    /** Whether it asks for nothing that changes. */
    boolean isFixed() {
        return sorts.stream()
                .noneMatch(s -> KEYS.get(s.property()).keyword || s.property().equals(SNOOZED_UNTIL));
    }

    Row row(Candidate email) throws IOException {
        List<Comparable<?>> keys = new ArrayList<>(sorts.size());
        for (int i = 0; i < sorts.size(); i++) keys.add(key(email, i));
        return new Row(email.email(), keys);
    }

    /** What is asked of a thread is asked once, and not of each Email in it. */
    private Comparable<?> key(Candidate email, int place) throws IOException {
        Key key = KEYS.get(sorts.get(place).property());
        long thread = email.email().thread();
        Comparable<?> known = key.cost == Cost.THREAD ? ofThreads.get(place).get(thread) : null;
        if (known != null) return known;
        Comparable<?> now = key.reading.of(email, sorts.get(place));
        if (key.cost == Cost.THREAD) ofThreads.get(place).put(thread, now);
        return now;
    }

    Comparator<Row> comparator() {
        Comparator<Row> all = (a, b) -> 0;
        for (int i = 0; i < sorts.size(); i++) {
            int place = i;
            Comparator<Row> one = (a, b) -> compare(a.keys.get(place), b.keys.get(place));
            all = all.thenComparing(sorts.get(i).ascending() ? one : one.reversed());
        }
        // Who wants the newest first wants that of those as well that came within a second.
        Comparator<Row> rest = Comparator.<Row, Instant>comparing(row -> Metadata.receivedAt(row.email))
                .thenComparing(row -> row.email.number(), Long::compareUnsigned);
        boolean newestFirst = sorts.isEmpty() || !sorts.get(0).ascending();
        return all.thenComparing(newestFirst ? rest.reversed() : rest);
    }

    /** Both are of one sort, and so of one type. */
    @SuppressWarnings("unchecked")
    private static int compare(Comparable<?> a, Comparable<?> b) {
        return ((Comparable<Object>) a).compareTo(b);
    }

    private static Predicate<Email> has(Sort sort) {
        String keyword = sort.json().path("keyword").textValue();
        return email -> Metadata.hasKeyword(email, keyword);
    }

    private static String field(Candidate email, String name) throws IOException {
        return email.field(name).map(HeaderField::unfolded).orElse("");
    }

    private static String subject(Candidate email) throws IOException {
        return PlainSubject.of(EncodedWords.decode(field(email, "Subject"))).text();
    }

    private static Instant sentAt(Candidate email) throws IOException {
        Optional<Instant> sent = SentDate.time(field(email, "Date"));
        return sent.orElse(Metadata.receivedAt(email.email()));
    }

    /** Text whose order is that of the collation. */
    private static String collated(String text, Sort sort) {
        if (!sort.collation().equals(ASCII))
            return new String(Casemap.octets(text, LONGEST), StandardCharsets.ISO_8859_1);
        String begin = text.substring(0, Math.min(text.length(), LONGEST));
        StringBuilder upper = new StringBuilder(begin);
        for (int i = 0; i < upper.length(); i++) {
            char c = upper.charAt(i);
            if (c >= 'a' && c <= 'z') upper.setCharAt(i, (char) (c - 'a' + 'A'));
        }
        return new String(upper.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
}
