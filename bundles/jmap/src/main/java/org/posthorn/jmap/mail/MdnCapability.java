package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.posthorn.jmap.Capability;
import org.posthorn.jmap.Json;
import org.posthorn.jmap.Limits;
import org.posthorn.jmap.Method;

/**
 * {@code urn:ietf:params:jmap:mdn}, RFC 9007: telling a sender what became of his message, and reading what one is told.
 *
 * @param outbox with the Identities
 */
public record MdnCapability(Sending sending, Outbox outbox) implements Capability {

    @Override
    public String uri() {
        return "urn:ietf:params:jmap:mdn";
    }

    @Override
    public ObjectNode server(Limits limits) {
        return Json.NODES.objectNode();
    }

    @Override
    public Map<String, Method> methods() {
        Digests digests = new Digests();
        Identities identities = new Identities(outbox, sending.accounts());
        return Map.of(
                "MDN/send", new MdnSend(sending, identities, new Claims(), digests),
                "MDN/parse", new MdnParse(digests));
    }
}
