package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import org.posthorn.jmap.Capability;
import org.posthorn.jmap.Json;
import org.posthorn.jmap.Limits;
import org.posthorn.jmap.Method;

/** {@code urn:posthorn:imap}, of this server alone: which UIDs an Email has in IMAP, so that an address can name one in the words of both. */
public final class ImapCapability implements Capability {

    @Override
    public String uri() {
        return "urn:posthorn:imap";
    }

    @Override
    public Optional<ObjectNode> shared(Limits limits) {
        return Optional.of(Json.NODES.objectNode());
    }

    @Override
    public ObjectNode server(Limits limits) {
        return Json.NODES.objectNode();
    }

    @Override
    public Map<String, Method> methods() {
        return Map.of("Email/locate", new EmailLocate(new Digests()));
    }
}
