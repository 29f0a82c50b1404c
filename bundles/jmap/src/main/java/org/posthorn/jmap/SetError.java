package org.posthorn.jmap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Why one object could not be created, updated or destroyed, RFC 8620 5.3.
 *
 * @param description for people; may be empty
 * @param properties those that are wrong
 * @param existingId the object that is there already; empty when that is not why
 * @param notFound blobs that are not there
 * @param details what an error of a data type tells besides
 */
public record SetError(
        String type,
        String description,
        List<String> properties,
        String existingId,
        List<String> notFound,
        Map<String, JsonNode> details) {

    public static final SetError FORBIDDEN = of("forbidden", "");
    public static final SetError OVER_QUOTA = of("overQuota", "");
    public static final SetError TOO_LARGE = of("tooLarge", "");
    public static final SetError RATE_LIMIT = of("rateLimit", "");
    public static final SetError NOT_FOUND = of("notFound", "");
    public static final SetError WILL_DESTROY = of("willDestroy", "");
    public static final SetError SINGLETON = of("singleton", "");

    /** One that a data type has of its own, or a standard one with a word more. */
    public static SetError of(String type, String description) {
        return new SetError(type, description, List.of(), "", List.of(), Map.of());
    }

    public static SetError invalidPatch(String description) {
        return of("invalidPatch", description);
    }

    public static SetError invalidProperties(String description, String... properties) {
        return new SetError("invalidProperties", description, List.of(properties), "", List.of(), Map.of());
    }

    /** RFC 8620 5.4: of copies. */
    public static SetError alreadyExists(String id) {
        return new SetError("alreadyExists", "", List.of(), id, List.of(), Map.of());
    }

    /** RFC 8621 4.6. */
    public static SetError blobNotFound(List<String> ids) {
        return new SetError("blobNotFound", "", List.of(), "", List.copyOf(ids), Map.of());
    }

    /** The same with one thing more. */
    public SetError with(String name, JsonNode value) {
        Map<String, JsonNode> more = new TreeMap<>(details);
        more.put(name, value);
        return new SetError(type, description, properties, existingId, notFound, more);
    }

    /** The same for these properties. */
    public SetError of(List<String> wrong) {
        return new SetError(type, description, List.copyOf(wrong), existingId, notFound, details);
    }

    /** As it is told. */
    public ObjectNode json() {
        ObjectNode json = Json.NODES.objectNode().put("type", type);
        if (!description.isEmpty()) json.put("description", description);
        if (!properties.isEmpty()) properties.forEach(json.putArray("properties")::add);
        if (!notFound.isEmpty()) notFound.forEach(json.putArray("notFound")::add);
        if (!existingId.isEmpty()) json.put("existingId", existingId);
        details.forEach(json::set);
        return json;
    }
}
