package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.posthorn.jmap.Capability;
import org.posthorn.jmap.Json;
import org.posthorn.jmap.Limits;
import org.posthorn.jmap.Method;

/** {@code urn:posthorn:scheduled}, of this server alone: what a client puts into the mailbox of role {@code scheduled} when it sends it later is moved to Sent when it goes. */
public final class ScheduledCapability implements Capability {

    @Override
    public String uri() {
        return "urn:posthorn:scheduled";
    }

    @Override
    public ObjectNode server(Limits limits) {
        return Json.NODES.objectNode();
    }

    @Override
    public Map<String, Method> methods() {
        return Map.of();
    }
}
