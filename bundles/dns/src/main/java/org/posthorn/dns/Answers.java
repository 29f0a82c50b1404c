package org.posthorn.dns;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.posthorn.api.dns.DnsAnswer.Status;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;

/** Answers for as long as they may be believed, the least recently used leaving first. */
final class Answers {

    /** Longer than a day nothing is believed, RFC 8767 4 (at most seven; ours is a mail server, not a resolver). */
    private static final long LONGEST_SECONDS = Duration.ofDays(1).toSeconds();

    private final int most;
    private final LongSupplier nanoTime;
    private final Map<Question, Kept> answers;

    /** What was asked; names compare without case. */
    record Question(Name name, int type) {}

    /** What came. @param seconds how long it may be kept */
    record Answer(Status status, List<Record> records, boolean secure, long seconds) {}

    private record Kept(Answer answer, long until) {}

    Answers(int most, LongSupplier nanoTime) {
        this.most = most;
        this.nanoTime = nanoTime;
        this.answers = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Question, Kept> eldest) {
                return size() > Answers.this.most;
            }
        };
    }

    synchronized Optional<Answer> find(Question question) {
        Kept kept = answers.get(question);
        if (kept == null) return Optional.empty();
        if (kept.until - nanoTime.getAsLong() > 0) return Optional.of(kept.answer);
        answers.remove(question);
        return Optional.empty();
    }

    /** Keeps it; an answer with no time to live counts for the question it answers only (RFC 2181 8). */
    synchronized void keep(Question question, Answer answer) {
        long seconds = Math.min(answer.seconds, LONGEST_SECONDS);
        if (seconds > 0)
            answers.put(
                    question,
                    new Kept(
                            answer,
                            nanoTime.getAsLong() + Duration.ofSeconds(seconds).toNanos()));
    }

    synchronized int size() {
        return answers.size();
    }

    synchronized void clear() {
        answers.clear();
    }
}
