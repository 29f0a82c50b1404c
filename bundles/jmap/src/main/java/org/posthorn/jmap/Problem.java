package org.posthorn.jmap;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Why a whole request is refused, RFC 8620 3.6.1 in the form of RFC 7807.
 *
 * @param status of HTTP
 * @param type a URI that says what it is; {@code about:blank} says no more than the status
 * @param detail for people
 * @param limit the name of the limit that is met; empty when it is none
 */
record Problem(int status, String type, String detail, String limit) {

    /** The content type of its text. */
    static final String TYPE = "application/problem+json";

    private static final String ERRORS = "urn:ietf:params:jmap:error:";

    static Problem unknownCapability(String capability) {
        return new Problem(400, ERRORS + "unknownCapability", "There is no capability " + capability + " here", "");
    }

    static Problem notJson(String detail) {
        return new Problem(400, ERRORS + "notJSON", detail, "");
    }

    static Problem notRequest(String detail) {
        return new Problem(400, ERRORS + "notRequest", detail, "");
    }

    static Problem limit(String limit) {
        return new Problem(400, ERRORS + "limit", "The request is more than " + limit + " lets through", limit);
    }

    /** One that HTTP alone has a word for. */
    static Problem plain(int status, String detail) {
        return new Problem(status, "about:blank", detail, "");
    }

    ObjectNode json() {
        ObjectNode json = Json.NODES.objectNode();
        json.put("type", type).put("status", status).put("detail", detail);
        if (!limit.isEmpty()) json.put("limit", limit);
        return json;
    }
}
