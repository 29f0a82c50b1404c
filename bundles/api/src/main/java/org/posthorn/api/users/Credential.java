package org.posthorn.api.users;

import java.time.Instant;
import java.util.Optional;
import org.posthorn.api.mail.Address;

/**
 * What this server has issued to somebody, who logs in by it in the place of his password. Its secret is known to whoever holds it alone.
 *
 * @param id names it among all that there are; lower-case letters and digits
 * @param name what its owner calls it; 1 to {@link #LONGEST_NAME} characters, none of them a control
 * @param created to the second
 * @param lastUsed to the minute; empty when it never was. Of a token its issue is the first use
 * @param expires when it ends if it is not used again before; empty when it does not end by itself
 */
public record Credential(
        String id,
        Kind kind,
        Address account,
        String name,
        Instant created,
        Optional<Instant> lastUsed,
        Optional<Instant> expires) {

    /** In characters. */
    public static final int LONGEST_NAME = 100;

    /** What it is good for. */
    public enum Kind {
        /** A bearer token, RFC 6750: a session of an HTTP client. */
        TOKEN,
        /** A password beside the real one, for one program, at each door. Whoever has it may neither issue nor revoke anything. */
        APP_PASSWORD
    }
}
