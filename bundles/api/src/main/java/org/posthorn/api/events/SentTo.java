package org.posthorn.api.events;

import org.posthorn.api.mail.Address;

/**
 * What became of a mail for one of those whom its sender named. Behind an alias with several ends it is what has become of the one who is worst off: who waits, then who failed.
 *
 * @param recipient as the envelope had him
 * @param host who said the last word; empty when it was this server
 * @param reply that word, as {@link org.posthorn.api.mail.Reply#toString} gives it, without control characters
 */
public record SentTo(Address recipient, Fate fate, String host, String reply) {

    /** How far it has come, the worst first. */
    public enum Fate {
        /** It waits, or is being tried. */
        WAITING,
        /** It failed for good, or somebody took it out of the queue. */
        FAILED,
        /** Nobody here knows; it may have been thrown away. */
        UNKNOWN,
        /** Another server has it. */
        RELAYED,
        /** It was put into a mailbox of this server. */
        SHELVED
    }
}
