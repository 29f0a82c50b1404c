package org.posthorn.api.events;

/**
 * Tells whoever hears at the moment, or nobody. A component binds the service here by an optional, dynamic, greedy reference. Safe for
 * several threads.
 */
public final class Teller implements MailEvents {

    private static final MailEvents NOBODY = event -> {};

    private volatile MailEvents to = NOBODY;

    /** Somebody hears from now on. For the bind method of a reference. */
    public synchronized void add(MailEvents events) {
        to = events;
    }

    /** He hears no more; another may by now. For the unbind method. */
    public synchronized void remove(MailEvents events) {
        if (to == events) to = NOBODY;
    }

    @Override
    public void tell(MailEvent event) {
        to.tell(event);
    }
}
