package org.posthorn.intake;

import java.util.concurrent.atomic.AtomicLong;

/** The memory that copies of mail may take, in octets. */
final class Room {

    private final long most;
    private final AtomicLong taken = new AtomicLong();

    Room(long most) {
        this.most = most;
    }

    /** False when there is not so much left. */
    boolean take(long size) {
        if (taken.addAndGet(size) <= most) return true;
        taken.addAndGet(-size);
        return false;
    }

    void give(long size) {
        taken.addAndGet(-size);
    }

    long taken() {
        return taken.get();
    }
}
