package org.posthorn.jmap;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a client posts, RFC 8620 3.3.
 *
 * @param using URIs of capabilities
 * @param createdIds what creation ids stand for already; when they are given, the response tells them too
 */
record Request(Set<String> using, List<Invocation> calls, Optional<Map<String, String>> createdIds) {

    static Request of(JsonNode json) throws Refused {
        if (!json.isObject()) throw new Refused(Problem.notRequest("A request is an object"));
        return new Request(using(json.path("using")), calls(json.path("methodCalls")), created(json.get("createdIds")));
    }

    private static Set<String> using(JsonNode json) throws Refused {
        if (!json.isArray()) throw new Refused(Problem.notRequest("using is an array of strings"));
        Set<String> using = new LinkedHashSet<>();
        for (JsonNode uri : json) {
            if (!uri.isTextual()) throw new Refused(Problem.notRequest("using is an array of strings"));
            using.add(uri.textValue());
        }
        return using;
    }

    private static List<Invocation> calls(JsonNode json) throws Refused {
        if (!json.isArray()) throw new Refused(Problem.notRequest("methodCalls is an array of method calls"));
        List<Invocation> calls = new ArrayList<>();
        for (JsonNode call : json) calls.add(Invocation.of(call));
        return calls;
    }

    private static Optional<Map<String, String>> created(JsonNode json) throws Refused {
        if (json == null) return Optional.empty();
        if (!json.isObject()) throw new Refused(Problem.notRequest("createdIds is an object of ids"));
        Map<String, String> ids = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> id : json.properties()) {
            boolean well = Id.is(id.getKey())
                    && id.getValue().isTextual()
                    && Id.is(id.getValue().textValue());
            if (!well) throw new Refused(Problem.notRequest("createdIds is an object of ids"));
            ids.put(id.getKey(), id.getValue().textValue());
        }
        return Optional.of(ids);
    }
}
