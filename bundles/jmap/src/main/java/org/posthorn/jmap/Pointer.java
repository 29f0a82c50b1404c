package org.posthorn.jmap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.Optional;

/** A JSON pointer, RFC 6901, with the {@code *} of RFC 8620 3.7 for all items of an array. */
final class Pointer {

    private Pointer() {}

    /** Bounds what the way costs. */
    interface Toll {
        void pay(int steps) throws MethodFault;
    }

    /** What it leads to; empty when it leads nowhere. @throws MethodFault that of the toll */
    static Optional<JsonNode> evaluate(JsonNode from, String pointer, Toll toll) throws MethodFault {
        toll.pay(1 + pointer.length());
        if (pointer.isEmpty()) return Optional.of(from);
        if (pointer.charAt(0) != '/') return Optional.empty();
        int end = pointer.indexOf('/', 1);
        String token = end < 0 ? pointer.substring(1) : pointer.substring(1, end);
        String rest = end < 0 ? "" : pointer.substring(end);
        if (from.isArray() && token.equals("*")) return each((ArrayNode) from, rest, toll);
        Optional<JsonNode> next = step(from, token);
        return next.isEmpty() ? next : evaluate(next.get(), rest, toll);
    }

    /** Items that are arrays themselves are laid end to end. */
    private static Optional<JsonNode> each(ArrayNode items, String rest, Toll toll) throws MethodFault {
        ArrayNode all = Json.NODES.arrayNode();
        for (JsonNode item : items) {
            Optional<JsonNode> found = evaluate(item, rest, toll);
            if (found.isEmpty()) return Optional.empty();
            toll.pay(found.get().size());
            if (found.get() instanceof ArrayNode several) all.addAll(several);
            else all.add(found.get());
        }
        return Optional.of(all);
    }

    private static Optional<JsonNode> step(JsonNode from, String token) {
        if (from.isObject()) return unescaped(token).map(from::get);
        // A number has no zeros in front; 9 digits are more than any array has.
        if (from.isArray() && token.matches("0|[1-9][0-9]{0,8}"))
            return Optional.ofNullable(from.get(Integer.parseInt(token)));
        return Optional.empty();
    }

    /** ~1 is a slash and ~0 a tilde; empty when a tilde stands for neither. */
    static Optional<String> unescaped(String token) {
        if (token.indexOf('~') < 0) return Optional.of(token);
        if (!token.matches("([^~]|~[01])*+")) return Optional.empty();
        return Optional.of(token.replace("~1", "/").replace("~0", "~"));
    }
}
