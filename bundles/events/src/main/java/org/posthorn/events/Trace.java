package org.posthorn.events;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.posthorn.api.events.MailEvent;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.shell.Feed;
import org.posthorn.api.shell.Page;

/** What happens, to be watched as it happens: of all mails, or of those that have a word in their story. */
final class Trace implements Feed {

    private static final int MOST_WAITING = 2_000;
    private static final int MOST_MAILS = 10_000;
    private static final Duration LOOK = Duration.ofMillis(100);

    private final String word;
    private final Words words;
    private final Consumer<Trace> leave;
    private final BlockingQueue<Page> waiting = new LinkedBlockingQueue<>(MOST_WAITING);
    private final AtomicLong missed = new AtomicLong();
    private volatile boolean ended;
    /** Mails that had the word; the ones that are longest gone are forgotten. */
    private final Map<MailId, Boolean> matched = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<MailId, Boolean> eldest) {
            return size() > MOST_MAILS;
        }
    };

    /** @param word empty for all mails @param leave called at the end */
    Trace(String word, Words words, Consumer<Trace> leave) {
        this.word = word.toLowerCase(Locale.ROOT);
        this.words = words;
        this.leave = leave;
    }

    /** An event that has just come, at the end of its story. */
    void show(Story story, MailEvent event) {
        if (word.isEmpty() || matched.containsKey(event.mail())) show(event);
        else if (hasWord(event)) {
            matched.put(event.mail(), true);
            story.told().events().forEach(this::show);
        }
    }

    private boolean hasWord(MailEvent event) {
        return event.mail().text().toLowerCase(Locale.ROOT).contains(word)
                || words.of(event).toLowerCase(Locale.ROOT).contains(word);
    }

    private void show(MailEvent event) {
        String line = words.time(event.when()) + "  " + event.mail() + "  " + words.of(event);
        if (!waiting.offer(new Page(line, EventLine.plain(event)))) missed.incrementAndGet();
    }

    @Override
    public Optional<?> next(Duration most) throws InterruptedException {
        long end = System.nanoTime() + most.toNanos();
        do {
            Page page = waiting.poll(Math.min(most.toMillis(), LOOK.toMillis()), TimeUnit.MILLISECONDS);
            if (page != null) return Optional.of(page);
            long left = missed.getAndSet(0);
            if (left > 0)
                return Optional.of(new Page(left + " steps came too fast to be shown", Map.of("missed", left)));
            if (ended) throw new IllegalArgumentException("the record of mails has ended");
        } while (System.nanoTime() - end < 0);
        return Optional.empty();
    }

    /** Nothing more comes. */
    void end() {
        ended = true;
    }

    @Override
    public void close() {
        leave.accept(this);
    }
}
