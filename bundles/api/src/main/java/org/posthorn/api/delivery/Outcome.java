package org.posthorn.api.delivery;

import java.util.List;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Reply;

/** What became of a delivery to one recipient. */
public sealed interface Outcome {

    /** The host or part that spoke; may be empty. */
    String host();

    /**
     * It is there, and safe: nobody needs our copy any more.
     *
     * @param relayed whether another server has it now, who may or may not speak DSN (RFC 3461 5.2.2)
     * @param reports whether that server was given the sender's wishes and tells itself what becomes of it (RFC 3461 5.2.1): we do not
     */
    record Delivered(String host, Reply reply, boolean relayed, boolean reports) implements Outcome {

        public Delivered(String host, Reply reply, boolean relayed) {
            this(host, reply, relayed, false);
        }
    }

    /**
     * It is on the shelf but not forced there: whoever shelved it settles it with the spool when it is. Only for a recipient that stands in the
     * envelope of the mail.
     */
    record Shelved(String host, Reply reply) implements Outcome {}

    /** Not now; try again. */
    record Deferred(String host, Reply reply) implements Outcome {}

    /** Never. */
    record Failed(String host, Reply reply) implements Outcome {}

    /** It goes on to others instead. */
    record Forwarded(String host, List<Address> targets) implements Outcome {}
}
