package org.posthorn.jmap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A Comparator, RFC 8620 5.5.
 *
 * @param collation empty where the client leaves it to the server
 * @param json the whole, with what a data type adds to it
 */
public record Sort(String property, boolean ascending, String collation, ObjectNode json) {

    static Sort of(JsonNode json) throws MethodFault {
        if (!(json instanceof ObjectNode object)) throw MethodFault.invalid("A comparator is an object");
        Arguments members = new Arguments(object);
        return new Sort(
                members.string("property"),
                members.bool("isAscending", true),
                members.optionalString("collation").orElse(""),
                object);
    }
}
