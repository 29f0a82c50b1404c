package org.posthorn.net;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What all connections share.
 *
 * @param nanoTime a clock as {@link System#nanoTime}
 * @param grace how long a client waits for a protocol that is not there
 */
record Surroundings(
        Executor workers, Protocols protocols, TlsKeys keys, LongSupplier nanoTime, Supplier<Duration> grace) {}
