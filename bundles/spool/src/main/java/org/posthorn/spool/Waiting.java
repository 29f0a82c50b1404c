package org.posthorn.spool;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/** A record on its way to the disk. */
final class Waiting {

    private final ByteBuffer[] record;
    private final int length;
    private final Committed mail;
    private final CompletableFuture<Void> safe;
    private final Runnable after;
    private Segment segment;
    private long start;

    private Waiting(Committed mail, boolean waited, Runnable after, ByteBuffer... parts) {
        this.record = Frame.around(parts);
        this.mail = mail;
        this.safe = waited ? new CompletableFuture<>() : null;
        this.after = after;
        int octets = 0;
        for (ByteBuffer part : record) octets += part.remaining();
        this.length = octets;
    }

    /** A mail, for whose safety somebody waits. */
    static Waiting of(Committed mail, ByteBuffer... parts) {
        return new Waiting(mail, true, null, parts);
    }

    /** Something else for whose safety somebody waits. */
    static Waiting of(ByteBuffer part) {
        return new Waiting(null, true, null, part);
    }

    /** Something that nobody waits for. @param after done when it is safe; may be null */
    static Waiting lazy(Runnable after, ByteBuffer part) {
        return new Waiting(null, false, after, part);
    }

    ByteBuffer[] record() {
        return record;
    }

    /** With its frame. */
    int length() {
        return length;
    }

    /** The mail that it is; null if it is none. */
    Committed mail() {
        return mail;
    }

    /** Ends when it is forced; null if nobody waits. */
    CompletableFuture<Void> safe() {
        return safe;
    }

    /** Where it was written; null if it was not yet. */
    Segment segment() {
        return segment;
    }

    long start() {
        return start;
    }

    void written(Segment where, long at) {
        segment = where;
        start = at;
    }

    void done() {
        if (safe != null) safe.complete(null);
        if (after != null) after.run();
    }

    /** @return whether somebody waited, and it is not to be tried again */
    boolean broke(Throwable why) {
        segment = null;
        if (safe == null) return false;
        safe.completeExceptionally(why);
        return true;
    }
}
