package org.posthorn.jmap.mail;

import java.io.IOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.posthorn.api.mailbox.Email;
import org.posthorn.mime.Needle;

/** What an Email must be to be found, RFC 8621 4.4.1. */
sealed interface Condition {

    /** What it costs to know: nothing, a look at its thread, reading its header, reading all of it. */
    enum Cost {
        INDEX,
        THREAD,
        HEADER,
        MESSAGE
    }

    boolean matches(Candidate email) throws IOException;

    /** What that costs at most. */
    Cost cost();

    /** Something that the index knows. */
    record Known(Predicate<Email> test) implements Condition {
        @Override
        public boolean matches(Candidate email) {
            return test.test(email.email());
        }

        @Override
        public Cost cost() {
            return Cost.INDEX;
        }
    }

    /** Something that the index knows of its thread. @param known what it is for threads that were asked for; for one search */
    record InThread(Predicate<List<Email>> test, Map<Long, Boolean> known) implements Condition {
        InThread(Predicate<List<Email>> test) {
            this(test, new HashMap<>());
        }

        @Override
        public boolean matches(Candidate email) throws IOException {
            Boolean before = known.get(email.email().thread());
            if (before != null) return before;
            boolean now = test.test(email.thread());
            known.put(email.email().thread(), now);
            return now;
        }

        @Override
        public Cost cost() {
            return Cost.THREAD;
        }
    }

    /** One field of that name that holds all of the words; any such field when there are none. */
    record Field(String name, List<Needle> words) implements Condition {
        @Override
        public boolean matches(Candidate email) throws IOException {
            return email.folded(name).stream().anyMatch(text -> words.stream().allMatch(w -> w.in(text)));
        }

        @Override
        public Cost cost() {
            return Cost.HEADER;
        }
    }

    /** Words in its text or in one of these fields. */
    record Words(Needle words, List<String> fields) implements Condition {
        @Override
        public boolean matches(Candidate email) throws IOException {
            for (String field : fields) if (email.folded(field).stream().anyMatch(words::in)) return true;
            return email.holds(words);
        }

        @Override
        public Cost cost() {
            return Cost.MESSAGE;
        }
    }

    record HasAttachment(boolean wanted) implements Condition {
        @Override
        public boolean matches(Candidate email) throws IOException {
            return email.hasAttachment() == wanted;
        }

        @Override
        public Cost cost() {
            return Cost.MESSAGE;
        }
    }

    record Not(Condition condition) implements Condition {
        @Override
        public boolean matches(Candidate email) throws IOException {
            return !condition.matches(email);
        }

        @Override
        public Cost cost() {
            return condition.cost();
        }
    }

    /** All of them, the cheap ones first. */
    record All(List<Condition> conditions) implements Condition {
        public All {
            conditions = inOrder(conditions);
        }

        @Override
        public boolean matches(Candidate email) throws IOException {
            for (Condition condition : conditions) if (!condition.matches(email)) return false;
            return true;
        }

        @Override
        public Cost cost() {
            return dearest(conditions);
        }
    }

    /** One of them at least. */
    record Any(List<Condition> conditions) implements Condition {
        public Any {
            conditions = inOrder(conditions);
        }

        @Override
        public boolean matches(Candidate email) throws IOException {
            for (Condition condition : conditions) if (condition.matches(email)) return true;
            return false;
        }

        @Override
        public Cost cost() {
            return dearest(conditions);
        }
    }

    private static List<Condition> inOrder(List<Condition> conditions) {
        return conditions.stream().sorted(Comparator.comparing(Condition::cost)).toList();
    }

    private static Cost dearest(List<Condition> inOrder) {
        return inOrder.isEmpty() ? Cost.INDEX : inOrder.get(inOrder.size() - 1).cost();
    }
}
