package org.posthorn.jmap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/** Arguments that are taken from the responses before, RFC 8620 3.7. For one request. */
final class ResultReferences {

    /** Each reference to all that was told so far doubles it; so many values and letters of them all, and steps to them, a request may have. */
    private static final int MOST = 500_000;

    private final List<Invocation> responses;
    private int left = MOST;

    /** @param responses those that there are so far; grows outside */
    ResultReferences(List<Invocation> responses) {
        this.responses = responses;
    }

    /** The arguments with what {@code #name} refers to under {@code name}. */
    ObjectNode resolve(ObjectNode arguments) throws MethodFault {
        boolean any = arguments.properties().stream().anyMatch(a -> a.getKey().startsWith("#"));
        if (!any) return arguments;
        ObjectNode resolved = Json.NODES.objectNode();
        for (Map.Entry<String, JsonNode> argument : arguments.properties()) {
            String name = argument.getKey();
            if (!name.startsWith("#")) resolved.set(name, argument.getValue());
            else if (arguments.has(name.substring(1)))
                throw MethodFault.invalid(name.substring(1) + " is there as it is and as a reference");
            else resolved.set(name.substring(1), result(name, argument.getValue()));
        }
        return resolved;
    }

    private JsonNode result(String name, JsonNode reference) throws MethodFault {
        String resultOf = text(name, reference, "resultOf");
        String method = text(name, reference, "name");
        String path = text(name, reference, "path");
        Invocation response = responses.stream()
                .filter(r -> r.callId().equals(resultOf))
                .findFirst()
                .orElseThrow(() -> unresolved(name + ": there is no response to " + resultOf));
        if (!response.name().equals(method)) throw unresolved(name + ": the response is " + response.name());
        JsonNode found = Pointer.evaluate(response.arguments(), path, this::pay)
                .orElseThrow(() -> unresolved(name + ": the path leads nowhere"));
        weigh(found);
        return found;
    }

    private static String text(String name, JsonNode reference, String property) throws MethodFault {
        JsonNode text = reference.path(property);
        if (!text.isTextual()) throw MethodFault.invalid(name + " is no ResultReference");
        return text.textValue();
    }

    private static MethodFault unresolved(String description) {
        return new MethodFault(MethodError.invalidResultReference(description));
    }

    private void pay(int steps) throws MethodFault {
        if (left >= 0) left -= steps;
        if (left < 0) throw new MethodFault(MethodError.REQUEST_TOO_LARGE);
    }

    private void weigh(JsonNode found) throws MethodFault {
        pay(1 + (found.isTextual() ? found.textValue().length() : 0));
        if (found.isObject())
            for (Map.Entry<String, JsonNode> item : found.properties()) {
                pay(item.getKey().length());
                weigh(item.getValue());
            }
        else for (JsonNode item : found) weigh(item);
    }
}
