package org.posthorn.jmap;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** {@code urn:ietf:params:jmap:websocket}, RFC 8887 3: where {@link SocketResource} is. It has no methods. */
final class WebSocketCapability implements Capability {

    static final String URI = "urn:ietf:params:jmap:websocket";

    @Override
    public String uri() {
        return URI;
    }

    @Override
    public ObjectNode server(Limits limits) {
        return Json.NODES.objectNode().put("supportsPush", true);
    }

    @Override
    public ObjectNode server(Limits limits, String base) {
        return server(limits).put("url", base.replaceFirst("^http", "ws") + "/jmap/ws");
    }

    @Override
    public boolean isOfAccounts() {
        return false;
    }

    @Override
    public Map<String, Method> methods() {
        return Map.of();
    }
}
