package org.posthorn.jmap;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** What a client sends by a WebSocket, RFC 8887 4.3: its {@code @type} says which it is. */
sealed interface SocketMessage {

    /** A request. @param id that stands in its answer */
    record Calls(Optional<String> id, Request request) implements SocketMessage {}

    /**
     * The client wants to hear of changes, in place of what it wanted before, RFC 8887 4.3.5.2.
     *
     * @param types names of data types; empty for all
     * @param pushState what it heard last
     */
    record PushEnable(Optional<Set<String>> types, Optional<String> pushState) implements SocketMessage {

        boolean wants(String type) {
            return types.isEmpty() || types.get().contains(type);
        }
    }

    /** It wants to hear of none, RFC 8887 4.3.5.3. */
    record PushDisable() implements SocketMessage {}

    /** The id of whatever has one, even if it is wrong otherwise; not of who has it echo a long one. */
    static Optional<String> id(JsonNode json) {
        return Optional.ofNullable(json.path("id").textValue()).filter(id -> id.length() <= PushDraft.LONGEST_TEXT);
    }

    static SocketMessage of(JsonNode json) throws Refused {
        return switch (json.path("@type").asText()) {
            case "Request" -> new Calls(text(json, "id"), Request.of(json));
            case "WebSocketPushEnable" -> new PushEnable(types(json.path("dataTypes")), text(json, "pushState"));
            case "WebSocketPushDisable" -> new PushDisable();
            default -> throw wrong("@type is Request, WebSocketPushEnable or WebSocketPushDisable");
        };
    }

    private static Optional<String> text(JsonNode json, String name) throws Refused {
        JsonNode value = json.path(name);
        if (isNothing(value)) return Optional.empty();
        if (!isShort(value)) throw wrong(name + " is a string, and no long one");
        return Optional.of(value.textValue());
    }

    private static Optional<Set<String>> types(JsonNode list) throws Refused {
        if (isNothing(list)) return Optional.empty();
        Set<String> types = new LinkedHashSet<>();
        if (!list.isArray() || list.size() > PushDraft.MOST_TYPES)
            throw wrong("dataTypes is an array of a few strings, or null");
        for (JsonNode type : list) {
            if (!isShort(type)) throw wrong("A name of dataTypes is a string, and no long one");
            types.add(type.textValue());
        }
        return Optional.of(types);
    }

    private static boolean isShort(JsonNode value) {
        return value.isTextual() && value.textValue().length() <= PushDraft.LONGEST_TEXT;
    }

    private static boolean isNothing(JsonNode value) {
        return value.isMissingNode() || value.isNull();
    }

    private static Refused wrong(String detail) {
        return new Refused(Problem.notRequest(detail));
    }
}
