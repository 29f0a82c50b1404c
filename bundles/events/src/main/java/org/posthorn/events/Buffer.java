package org.posthorn.events;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.posthorn.api.events.MailEvent;

/** Events between those who tell and the one who writes: as many as fit, the rest is counted. Many put, one takes. */
final class Buffer {

    private final int most;
    private final ConcurrentLinkedQueue<MailEvent> events = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();
    private final LongAdder lost = new LongAdder();

    Buffer(int most) {
        this.most = most;
    }

    /** @return whether it is half full from this one on, and should be emptied soon */
    boolean put(MailEvent event) {
        int now = size.incrementAndGet();
        if (now > most) {
            size.decrementAndGet();
            lost.increment();
            return false;
        }
        events.add(event);
        return now == most / 2;
    }

    boolean isEmpty() {
        return size.get() == 0;
    }

    boolean halfFull() {
        return size.get() >= most / 2;
    }

    /** Takes what is there at this moment. @return how many */
    int drain(Consumer<MailEvent> to) {
        int count = 0;
        for (MailEvent event = events.poll(); event != null; event = count < most ? events.poll() : null) {
            size.decrementAndGet();
            to.accept(event);
            count++;
        }
        return count;
    }

    /** How many did not fit since this was last asked. */
    long lost() {
        return lost.sumThenReset();
    }
}
