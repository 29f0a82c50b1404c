package org.posthorn.api.mailbox;

import java.util.List;

/**
 * A message, wherever in its account it lies: RFC 8621 4.
 *
 * @param number that of its EMAILID
 * @param thread the number of its THREADID
 * @param places at least one; in order of mailbox, then of UID
 */
public record Email(long number, long thread, List<Place> places) {

    /**
     * One of its copies.
     *
     * @param mailbox full name
     * @param mailboxId the MAILBOXID
     */
    public record Place(String mailbox, String mailboxId, Entry entry) {}

    public Email {
        places = List.copyOf(places);
    }
}
