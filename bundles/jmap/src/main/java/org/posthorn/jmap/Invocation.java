package org.posthorn.jmap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A method call or its response, RFC 8620 3.2.
 *
 * @param name of the method; {@code error} of a response that is one
 * @param callId the client's, which the responses to a call have in common
 */
record Invocation(String name, ObjectNode arguments, String callId) {

    static Invocation of(JsonNode json) throws Refused {
        boolean well = json.isArray()
                && json.size() == 3
                && json.get(0).isTextual()
                && json.get(1).isObject()
                && json.get(2).isTextual();
        if (!well) throw new Refused(Problem.notRequest("A method call is [name, arguments, call id]"));
        return new Invocation(
                json.get(0).textValue(), (ObjectNode) json.get(1), json.get(2).textValue());
    }

    ArrayNode json() {
        return Json.NODES.arrayNode(3).add(name).add(arguments).add(callId);
    }
}
