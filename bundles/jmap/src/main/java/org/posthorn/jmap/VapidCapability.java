package org.posthorn.jmap;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/**
 * {@code urn:ietf:params:jmap:webpush-vapid}, RFC 9749 3.
 *
 * @param applicationServerKey as {@link Vapid#applicationServerKey}
 */
record VapidCapability(String applicationServerKey) implements Capability {

    @Override
    public String uri() {
        return "urn:ietf:params:jmap:webpush-vapid";
    }

    @Override
    public ObjectNode server(Limits limits) {
        return Json.NODES.objectNode().put("applicationServerKey", applicationServerKey);
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
