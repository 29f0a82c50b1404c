package org.posthorn.api.users;

import java.util.Optional;
import org.posthorn.api.mail.Address;

/**
 * What is kept of a login as long as its connection is open, and handed on as plain text when a protocol is swapped.
 *
 * @param account whose it is
 * @param credential the id of the {@link Credential} that he logged in by; empty when that was his password itself
 */
public record Entrance(Address account, Optional<String> credential) {

    /** By the password itself. */
    public Entrance(Address account) {
        this(account, Optional.empty());
    }
}
