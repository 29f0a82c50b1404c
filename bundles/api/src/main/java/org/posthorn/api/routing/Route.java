package org.posthorn.api.routing;

import java.util.List;
import java.util.Optional;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Reply;

/** One step of an address's way. */
public sealed interface Route {

    /**
     * Out by a transport.
     *
     * @param transport its name: {@code local}, {@code smtp}, {@code discard}
     * @param nextHop in the transport's grammar. {@code local}: the address of the account. {@code smtp}: a domain, whose MX is asked for, or
     *     {@code [host]:port}; either with {@code ;tls=never|may|must} behind
     * @param ours whether mail for it is taken from anybody; for the rest one must log in
     */
    record Via(String transport, String nextHop, boolean ours) implements Route {}

    /**
     * To other addresses, which are routed in turn.
     *
     * @param own the way of the address itself, when the alias leads to it as well: its owner keeps a copy
     */
    record Alias(List<Address> targets, Optional<Via> own) implements Route {
        public Alias(List<Address> targets) {
            this(targets, Optional.empty());
        }
    }

    /** Nowhere: no such user, or not now. */
    record Refuse(Reply reply) implements Route {}
}
