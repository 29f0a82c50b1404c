package org.posthorn.queue;

import org.posthorn.api.mail.Recipient;

/**
 * One who is to be reached.
 *
 * @param place which recipient of the mail's envelope it stems from
 * @param routed whether aliases were followed: the address itself is meant
 * @param attempts how often it was tried before
 */
record Target(int place, Recipient recipient, boolean routed, int attempts) {

    /** The same one, its way found. */
    Target at(Recipient end) {
        return new Target(place, end, true, attempts);
    }
}
