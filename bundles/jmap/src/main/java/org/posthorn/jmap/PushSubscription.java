package org.posthorn.jmap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.posthorn.api.mail.Address;

/**
 * Where somebody wants to hear of changes, RFC 8620 7.2.
 *
 * @param number it is told apart by among those of its user
 * @param json the properties of the RFC, and what is ours alone: {@code user}, {@code code}, which the client has to tell back, {@code asked}, whether it has gone out, {@code credential}, what it was made with, and {@code vapid}, the key that
 *     clients were told of then. Not to be changed
 */
record PushSubscription(Address user, long number, ObjectNode json) {

    /** Those that are told. */
    static final Set<String> TOLD = Set.of("id", "deviceClientId", "verificationCode", "expires", "types");

    /** Those that are never told, as they may be private to a device, RFC 8620 7.2.1. */
    static final Set<String> PRIVATE = Set.of("url", "keys");

    private static final String ID = "P";

    String id() {
        return ID + number;
    }

    /** The number of an id; below 0 of what is none. */
    static long number(String id) {
        return id.matches(ID + "[0-9]{1,18}") ? Long.parseLong(id.substring(1)) : -1;
    }

    URI url() {
        return URI.create(json.path("url").asText());
    }

    /** Empty when all goes in clear to who holds the URL. */
    Optional<PushKeys> keys() {
        JsonNode keys = json.path("keys");
        return keys.isObject()
                ? Optional.of(PushKeys.of(
                        keys.path("p256dh").asText(), keys.path("auth").asText()))
                : Optional.empty();
    }

    String credential() {
        return json.path("credential").asText();
    }

    /** The key that pushes to it are signed by, RFC 9749 4. */
    String vapid() {
        return json.path("vapid").asText();
    }

    String code() {
        return json.path("code").asText();
    }

    /** Whether the code has gone out, which it does once, RFC 8620 8.6 and RFC 9749 6. */
    boolean asked() {
        return json.path("asked").booleanValue();
    }

    /** Whether its client has proved that it hears what is pushed there. */
    boolean verified() {
        return json.path("verificationCode").isTextual();
    }

    /** Whether its time is over, if it has one: else it ends with what it was made with. */
    boolean over(Instant now) {
        JsonNode expires = json.path("expires");
        try {
            return !expires.isNull() && !Instant.parse(expires.asText()).isAfter(now);
        } catch (DateTimeParseException damaged) {
            return true;
        }
    }

    boolean wants(String type) {
        JsonNode types = json.path("types");
        if (!types.isArray()) return true;
        for (JsonNode one : types) if (one.asText().equals(type)) return true;
        return false;
    }

    PushSubscription with(ObjectNode changed) {
        return new PushSubscription(user, number, changed);
    }

    /** As its client is told. */
    ObjectNode shown(Set<String> wanted) {
        ObjectNode shown = Json.NODES.objectNode().put("id", id());
        for (Map.Entry<String, JsonNode> one : json.properties())
            if (wanted.contains(one.getKey())) shown.set(one.getKey(), one.getValue());
        return shown;
    }

    /** Without its URL and keys. */
    @Override
    public String toString() {
        return id() + " of " + user;
    }
}
