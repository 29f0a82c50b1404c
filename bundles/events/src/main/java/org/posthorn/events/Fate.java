package org.posthorn.events;

import java.util.Optional;
import org.posthorn.api.events.MailEvent;
import org.posthorn.api.mail.Address;

/**
 * What became of a mail for one recipient, as far as its story tells.
 *
 * @param through how it got to him, if not by his own address; may be empty
 * @param words in words, when it is for good
 * @param shelf where it lies, if it does
 */
record Fate(Address recipient, String through, State state, String words, Optional<MailEvent.Shelved> shelf) {

    /** How far it is. */
    enum State {
        COMING,
        REFUSED,
        UNDERWAY,
        WAITING,
        HELD,
        SHELVED,
        DELIVERED,
        FAILED,
        GONE
    }

    static Fate of(Address recipient) {
        return new Fate(recipient, "", State.COMING, "", Optional.empty());
    }

    Fate is(State next, String how) {
        return new Fate(recipient, through, next, how, shelf);
    }

    Fate routed(String way) {
        return new Fate(recipient, way, State.UNDERWAY, words, shelf);
    }

    Fate lies(MailEvent.Shelved there) {
        return new Fate(recipient, through, State.SHELVED, Words.place(there), Optional.of(there));
    }
}
