package org.posthorn.api.shell;

import java.time.Duration;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * What a command may return that has no end: the shell shows one value after the other, each as if it were returned alone, until whoever asked
 * goes away or interrupts it, and closes the feed then. For one thread at a time, but for {@link #close}.
 */
@ConsumerType
public interface Feed extends AutoCloseable {

    /**
     * Waits for the next value.
     *
     * @param most how long; the shell looks in between whether anybody is still there
     * @return empty when none came in time
     * @throws IllegalArgumentException when there will be no more; the message is shown
     */
    Optional<?> next(Duration most) throws InterruptedException;

    @Override
    void close();
}
