package org.posthorn.imap.command;

import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Predicate;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.ObjectId;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.Selection;
import org.posthorn.imap.SequenceSet;
import org.posthorn.imap.SyntaxFault;
import org.posthorn.imap.Utf8;
import org.posthorn.mime.Needle;
import org.posthorn.mime.TextSearch;

/** Reads search keys, RFC 3501 9 "search-key", with those of RFC 7162 3.1.5, RFC 5032 (WITHIN), RFC 8474 6 and RFC 8514 4.3. */
final class SearchParser {

    private static final int DEEPEST = 50;
    private static final int MOST = 1000;
    /** So many keys may look into header and text. */
    private static final int MOST_LOOKING = 50;

    private static final int LONGEST_WORDS = 1024;
    /** What sequence numbers stand for may have so many ranges together, however often the client names all. */
    private static final long MOST_RANGES = 1 << 20;

    private final Arguments in;
    private final Selection view;
    private final List<Needle> texts = new ArrayList<>();
    private int keys;
    private int looking;
    private long ranges;
    private final List<UidSet> fixed = new ArrayList<>();
    private final Iterator<UidSet> before;
    private boolean numberless;
    private boolean modSeq;
    private boolean numbers;
    private boolean timed;

    SearchParser(Arguments in, Selection view) {
        this(in, view, Collections.emptyIterator());
    }

    /** @param before what was {@link SearchProgram#fixed} when these keys came */
    SearchParser(Arguments in, Selection view, Iterator<UidSet> before) {
        this.in = in;
        this.view = view;
        this.before = before;
    }

    /** The client has said that it uses no sequence numbers. */
    void numberless() {
        numberless = true;
    }

    /** Keys up to the end: all must match. */
    SearchProgram parse() {
        String text = in.rest();
        SearchKey.And key = all(0);
        in.end();
        return new SearchProgram(text, key, texts, fixed, modSeq, numbers, timed);
    }

    private SearchKey.And all(int depth) {
        List<SearchKey> all = new ArrayList<>();
        do all.add(key(depth));
        while (in.passSpace());
        return new SearchKey.And(all);
    }

    private SearchKey key(int depth) {
        if (depth > DEEPEST || ++keys > MOST) throw tooLarge();
        if (in.pass('(')) {
            SearchKey inner = all(depth + 1);
            in.expect(')');
            return inner;
        }
        char c = in.peek();
        if (c >= '0' && c <= '9' || c == '*' || c == '$') return numbered(in.sequenceSet());
        return named(in.keyword(), depth);
    }

    private static SyntaxFault tooLarge() {
        return SyntaxFault.limit("That search is too large");
    }

    private SearchKey numbered(SequenceSet set) {
        boolean saved = set.equals(SequenceSet.SAVED);
        if (numberless && !saved) throw SyntaxFault.uidRequired();
        numbers |= !saved;
        return fixed(set);
    }

    private SearchKey fixed(SequenceSet set) {
        UidSet uids = before.hasNext() ? before.next() : set.found(view);
        ranges += uids.ranges().size();
        if (ranges > MOST_RANGES) throw tooLarge();
        fixed.add(uids);
        return new SearchKey.Among(uids);
    }

    /** Messages to come may be among them, and an asterisk moves. */
    private SearchKey uids(SequenceSet set) {
        if (set.equals(SequenceSet.SAVED)) return fixed(set);
        SearchKey named = new SearchKey.Among(set.named(view));
        return set.hasLast() ? new SearchKey.Or(named, new SearchKey.Last(view)) : named;
    }

    private SearchKey named(String name, int depth) {
        return switch (name) {
            case "ALL" -> known(c -> true);
            case "ANSWERED" -> flag(Flags.ANSWERED);
            case "DELETED" -> flag(Flags.DELETED);
            case "DRAFT" -> flag(Flags.DRAFT);
            case "FLAGGED" -> flag(Flags.FLAGGED);
            case "SEEN" -> flag(Flags.SEEN);
            case "UNANSWERED" -> new SearchKey.Not(flag(Flags.ANSWERED));
            case "UNDELETED" -> new SearchKey.Not(flag(Flags.DELETED));
            case "UNDRAFT" -> new SearchKey.Not(flag(Flags.DRAFT));
            case "UNFLAGGED" -> new SearchKey.Not(flag(Flags.FLAGGED));
            case "UNSEEN" -> new SearchKey.Not(flag(Flags.SEEN));
            case "RECENT", "OLD", "NEW" -> recent(name);
            case "SAVEDATESUPPORTED" -> known(c -> true);
            case "NOT" -> new SearchKey.Not(next(depth));
            case "OR" -> new SearchKey.Or(next(depth), next(depth));
            case "UID" -> uids(in.space().sequenceSet());
            case "MODSEQ" -> modSeq();
            default -> withValue(name);
        };
    }

    /** RFC 9051 has no such flag. */
    private SearchKey recent(String name) {
        if (in.dialect().isRev2()) throw new SyntaxFault("There is no such search key in IMAP4rev2");
        return switch (name) {
            case "OLD" -> known(c -> !c.recent());
            case "NEW" -> known(c -> c.recent() && !c.entry().flags().has(Flags.SEEN));
            default -> known(Candidate::recent);
        };
    }

    private SearchKey next(int depth) {
        in.space();
        return key(depth + 1);
    }

    private SearchKey withValue(String name) {
        in.space();
        return switch (name) {
            case "KEYWORD" -> keyword(in.atom());
            case "UNKEYWORD" -> new SearchKey.Not(keyword(in.atom()));
            case "LARGER" -> larger(in.number());
            case "SMALLER" -> smaller(in.number());
            case "OLDER" -> older(interval());
            case "YOUNGER" -> younger(interval());
            case "BCC", "CC", "FROM", "SUBJECT", "TO" -> new SearchKey.Field(name, words());
            case "HEADER" -> header(in.astring());
            case "BODY" -> text(false);
            case "TEXT" -> text(true);
            case "EMAILID" -> email(in.objectId());
            case "THREADID" -> thread(in.objectId());
            default -> dated(name, in);
        };
    }

    private static SearchKey dated(String name, Arguments in) {
        return switch (name) {
            case "BEFORE" -> before(Candidate::received, in.date());
            case "ON" -> on(Candidate::received, in.date());
            case "SINCE" -> new SearchKey.Not(before(Candidate::received, in.date()));
            case "SAVEDBEFORE" -> before(Candidate::saved, in.date());
            case "SAVEDON" -> on(Candidate::saved, in.date());
            case "SAVEDSINCE" -> new SearchKey.Not(before(Candidate::saved, in.date()));
            case "SENTBEFORE" -> sentBefore(in.date());
            case "SENTON" -> new SearchKey.Sent(in.date()::isEqual);
            case "SENTSINCE" -> sentSince(in.date());
            default -> throw new SyntaxFault("There is no such search key");
        };
    }

    private static SearchKey known(Predicate<Candidate> test) {
        return new SearchKey.Known(test);
    }

    private static SearchKey flag(int flag) {
        return known(c -> c.entry().flags().has(flag));
    }

    private static SearchKey keyword(String keyword) {
        return known(c -> c.entry().flags().has(keyword));
    }

    private static SearchKey larger(long octets) {
        return known(c -> c.entry().size() > octets);
    }

    private static SearchKey smaller(long octets) {
        return known(c -> c.entry().size() < octets);
    }

    /** Seconds, RFC 5032 2: a number that is not zero, as far as 32 bits go. */
    private long interval() {
        long seconds = in.number();
        timed = true;
        if (seconds == 0 || seconds > 0xFFFFFFFFL) throw new SyntaxFault("There is no such interval");
        return seconds;
    }

    /** One of just that age is older and younger. */
    private static SearchKey older(long seconds) {
        Instant then = ago(seconds);
        return known(c -> !c.entry().internalDate().isAfter(then));
    }

    private static SearchKey younger(long seconds) {
        Instant then = ago(seconds);
        return known(c -> !c.entry().internalDate().isBefore(then));
    }

    private static Instant ago(long seconds) {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).minusSeconds(seconds);
    }

    private static SearchKey before(Function<Candidate, LocalDate> when, LocalDate day) {
        return known(c -> when.apply(c).isBefore(day));
    }

    private static SearchKey on(Function<Candidate, LocalDate> when, LocalDate day) {
        return known(c -> when.apply(c).isEqual(day));
    }

    private static SearchKey email(String id) {
        OptionalLong number = ObjectId.emailNumber(id);
        return known(c -> number.isPresent() && c.entry().emailId() == number.getAsLong());
    }

    private static SearchKey thread(String id) {
        OptionalLong number = ObjectId.threadNumber(id);
        return number.isEmpty()
                ? new SearchKey.Among(UidSet.EMPTY)
                : new SearchKey.Thread(number.getAsLong(), new ThreadIds());
    }

    private static SearchKey sentBefore(LocalDate day) {
        return new SearchKey.Sent(sent -> sent.isBefore(day));
    }

    private static SearchKey sentSince(LocalDate day) {
        return new SearchKey.Sent(sent -> !sent.isBefore(day));
    }

    private SearchKey text(boolean header) {
        Needle words = words();
        texts.add(words);
        return new SearchKey.Words(words, header);
    }

    private SearchKey header(String name) {
        in.space();
        return new SearchKey.Field(name, words());
    }

    /** The mod-sequences of single flags are those of the message: what is asked of them is passed over, RFC 7162 3.1.5. */
    private SearchKey modSeq() {
        modSeq = true;
        if (in.space().peek() == '"') {
            in.string();
            in.space().atom();
            in.space();
        }
        long from = in.number();
        return known(c -> c.entry().modSeq() >= from);
    }

    /** Octets of UTF-8, which US-ASCII is too, as folded text. */
    private Needle words() {
        String octets = in.astring();
        if (++looking > MOST_LOOKING || octets.length() > LONGEST_WORDS) throw tooLarge();
        return new Needle(TextSearch.fold(
                Utf8.text(octets).orElseThrow(() -> new SyntaxFault("What is looked for is not in UTF-8"))));
    }
}
