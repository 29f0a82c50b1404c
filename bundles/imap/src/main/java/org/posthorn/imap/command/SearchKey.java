package org.posthorn.imap.command;

import java.io.IOException;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.imap.Selection;
import org.posthorn.imap.Uids;
import org.posthorn.mime.Needle;
import org.posthorn.mime.TextSearch;

/** What a message must be to be found, RFC 3501 6.4.4. */
sealed interface SearchKey {

    /** What it costs to know: nothing, reading the header, reading the message. */
    enum Cost {
        INDEX,
        HEADER,
        MESSAGE
    }

    boolean matches(Candidate message) throws IOException;

    /** What that costs. */
    default Cost cost() {
        return Cost.INDEX;
    }

    /** Those of these messages that it does not rule out by their numbers alone. */
    default UidSet scope(UidSet all) {
        return all;
    }

    /** Something that the index knows. */
    record Known(Predicate<Candidate> test) implements SearchKey {
        @Override
        public boolean matches(Candidate message) {
            return test.test(message);
        }
    }

    /** One of these messages. */
    record Among(UidSet uids) implements SearchKey {
        @Override
        public boolean matches(Candidate message) {
            return uids.contains(message.entry().uid());
        }

        @Override
        public UidSet scope(UidSet all) {
            return all.within(uids);
        }
    }

    /** The last message there is just now. */
    record Last(Selection view) implements SearchKey {
        @Override
        public boolean matches(Candidate message) {
            return message.entry().uid() == view.uids().last();
        }

        @Override
        public UidSet scope(UidSet all) {
            return all.within(UidSet.of(view.uids().last()));
        }
    }

    /** A field of that name that holds the words; any such field when they are empty. */
    record Field(String name, Needle words) implements SearchKey {
        @Override
        public boolean matches(Candidate message) throws IOException {
            return message.header().stream()
                    .anyMatch(f -> f.is(name) && (words.isEmpty() || words.in(TextSearch.folded(f))));
        }

        @Override
        public Cost cost() {
            return Cost.HEADER;
        }
    }

    /** When it was written, by its Date field. */
    record Sent(Predicate<LocalDate> test) implements SearchKey {
        @Override
        public boolean matches(Candidate message) throws IOException {
            return message.sent().filter(test).isPresent();
        }

        @Override
        public Cost cost() {
            return Cost.HEADER;
        }
    }

    /** Of that thread. */
    record Thread(long number, ThreadIds threads) implements SearchKey {
        @Override
        public boolean matches(Candidate message) throws IOException {
            return message.thread(threads).equals(OptionalLong.of(number));
        }

        @Override
        public Cost cost() {
            return Cost.HEADER;
        }
    }

    /** Words in the body or, if wanted, the header. */
    record Words(Needle words, boolean header) implements SearchKey {
        @Override
        public boolean matches(Candidate message) throws IOException {
            return message.holds(words, header);
        }

        @Override
        public Cost cost() {
            return Cost.MESSAGE;
        }
    }

    record Not(SearchKey key) implements SearchKey {
        @Override
        public boolean matches(Candidate message) throws IOException {
            return !key.matches(message);
        }

        @Override
        public Cost cost() {
            return key.cost();
        }
    }

    record Or(SearchKey one, SearchKey other) implements SearchKey {
        @Override
        public boolean matches(Candidate message) throws IOException {
            return one.matches(message) || other.matches(message);
        }

        @Override
        public UidSet scope(UidSet all) {
            UidSet scope = one.scope(all);
            if (scope.equals(all)) return all;
            UidSet more = other.scope(all);
            return more.equals(all) ? all : Uids.union(scope, more);
        }

        @Override
        public Cost cost() {
            return one.cost().compareTo(other.cost()) > 0 ? one.cost() : other.cost();
        }
    }

    /** All of them, the cheap ones first. */
    record And(List<SearchKey> keys) implements SearchKey {
        public And {
            keys = keys.stream().sorted(Comparator.comparing(SearchKey::cost)).toList();
        }

        @Override
        public boolean matches(Candidate message) throws IOException {
            for (SearchKey key : keys) if (!key.matches(message)) return false;
            return true;
        }

        @Override
        public UidSet scope(UidSet all) {
            UidSet scope = all;
            for (SearchKey key : keys) scope = key.scope(scope);
            return scope;
        }

        @Override
        public Cost cost() {
            return keys.get(keys.size() - 1).cost();
        }
    }
}
