package org.posthorn.jmap;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;

/**
 * A Quota object, RFC 9425 4.1.
 *
 * @param resourceType {@code octets} or {@code count}; also its id, as an account has one of each at most
 */
record QuotaLimit(String resourceType, long used, long hardLimit) {

    /** Mail alone is counted, and all of it together. */
    static final List<String> TYPES = List.of("Email");

    static final String SCOPE = "account";

    static final Set<String> PROPERTIES = Set.of(
            "id",
            "resourceType",
            "used",
            "hardLimit",
            "warnLimit",
            "softLimit",
            "scope",
            "name",
            "description",
            "types");

    /** What is wanted of it. @param name whose it is */
    ObjectNode json(String name, GetRequest request) {
        ObjectNode json = Json.NODES.objectNode();
        json.put("id", resourceType).put("resourceType", resourceType).put("used", used);
        json.put("hardLimit", hardLimit).putNull("warnLimit").putNull("softLimit");
        json.put("scope", SCOPE).put("name", name).putNull("description");
        TYPES.forEach(json.putArray("types")::add);
        request.properties().ifPresent(json::retain);
        return json;
    }
}
