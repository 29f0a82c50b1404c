package org.posthorn.jmap;

import java.time.Duration;

/**
 * How much a client may ask for, RFC 8620 2.
 *
 * @param uploadSize octets of one upload
 * @param uploads at a time, of one account
 * @param requestSize octets of one request
 * @param requests at a time, of one account
 * @param calls in a request
 * @param objectsInGet in one call
 * @param objectsInSet in one call
 * @param kept octets that the uploads of an account may have together
 * @param keptFor how long an upload that nothing uses is there
 */
public record Limits(
        long uploadSize,
        int uploads,
        int requestSize,
        int requests,
        int calls,
        int objectsInGet,
        int objectsInSet,
        long kept,
        Duration keptFor) {

    /** So many values a request may have: short ones are many times as long in memory as in their text. */
    static final int VALUES = 100_000;

    /** Octets of memory that all requests have together, from their first octet to the last of their answer; the heap is 256 MiB unless told otherwise. */
    static final long ALL_REQUESTS = 64L << 20;

    /** Octets of those that one account may have: one request of the longest, as text and as values. */
    static final long SHARE_OF_REQUESTS = 28L << 20;

    /** So many downloads of an account run at a time, each on a thread: as many as a browser has connections. */
    static final int DOWNLOADS = 6;

    /** So many uploads of one account are kept. */
    static final int KEPT_UPLOADS = 1000;
}
