package org.posthorn.jmap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.posthorn.api.mail.Address;
import org.posthorn.api.users.Credential;

/**
 * What clients may make of push subscriptions, RFC 8620 7.2.
 *
 * @param vapid the key that clients are told of now
 */
record PushDraft(PushClient client, String vapid, SecureRandom random, Clock clock, PushRate rate) {

    /** Of a user; each device has one or two. */
    static final int MOST = 50;

    /** Nobody hears of one that was forgotten for longer, unless what it was made with ends by itself. */
    static final Duration LONGEST = Duration.ofDays(7);

    /** Characters of an id, a name or a key. */
    static final int LONGEST_TEXT = 255;

    /** Names of data types of which one wants to hear. */
    static final int MOST_TYPES = 100;

    private static final int LONGEST_URL = 2048;
    private static final int CODE_OCTETS = 18;

    private static final List<String> CLIENTS =
            List.of("deviceClientId", "url", "keys", "verificationCode", "expires", "types");
    private static final List<String> IMMUTABLE = List.of("id", "deviceClientId", "url", "keys");

    Instant now() {
        return clock.instant();
    }

    /** Counts what he makes. */
    void pace(Address user) throws Refusal {
        if (!rate.take(user, now())) throw new Refusal(SetError.RATE_LIMIT);
    }

    /** Whether there may be one more of his. */
    void room(List<PushSubscription> his) throws Refusal {
        if (his.size() >= MOST) throw new Refusal(SetError.of("overQuota", "There are " + MOST + " already"));
    }

    /** The whole of a new one, but for what it was made with. @param by what its client is logged in by, unless that is the password */
    ObjectNode created(ObjectNode given, Optional<Credential> by) throws Refusal {
        for (Map.Entry<String, JsonNode> one : given.properties())
            if (!CLIENTS.contains(one.getKey())) throw Refusal.of(one.getKey(), "A client does not set this");
        ObjectNode whole = Json.NODES.objectNode();
        whole.put("deviceClientId", text(given, "deviceClientId", LONGEST_TEXT));
        whole.put("url", url(text(given, "url", LONGEST_URL)));
        whole.set("keys", keys(given.path("keys")));
        if (isSet(given, "verificationCode"))
            throw Refusal.of("verificationCode", "It is pushed to the URL, and comes from there");
        whole.putNull("verificationCode");
        whole.set("expires", expires(given, by));
        whole.set("types", types(given));
        byte[] code = new byte[CODE_OCTETS];
        random.nextBytes(code);
        whole.put("code", Base64.getUrlEncoder().encodeToString(code));
        return whole.put("vapid", vapid);
    }

    /** What a patch makes of one. @param by as with {@link #created} */
    PushSubscription updated(PushSubscription before, ObjectNode patch, Optional<Credential> by) throws Refusal {
        ObjectNode whole = before.json().deepCopy();
        ObjectNode seen = Json.NODES.objectNode().put("id", before.id());
        CLIENTS.forEach(name -> seen.set(name, whole.path(name)));
        ObjectNode after = Patch.applied(seen, patch)
                .orElseThrow(() -> new Refusal(SetError.invalidPatch("Two paths meet, or one leads nowhere")));
        for (Map.Entry<String, JsonNode> one : after.properties())
            if (!seen.has(one.getKey())) throw Refusal.of(one.getKey(), "There is no such property");
        for (String fixed : IMMUTABLE)
            if (!seen.get(fixed).equals(after.get(fixed)) && !(seen.get(fixed).isNull() && !isSet(after, fixed)))
                throw Refusal.of(fixed, fixed + " never changes");
        verify(before, whole, after);
        if (!seen.get("expires").equals(after.get("expires"))) whole.set("expires", expires(after, by));
        whole.set("types", types(after));
        return before.with(whole);
    }

    private static void verify(PushSubscription before, ObjectNode whole, ObjectNode after) throws Refusal {
        if (!isSet(after, "verificationCode") && !before.verified()) return;
        byte[] told = after.path("verificationCode").asText().getBytes(StandardCharsets.UTF_8);
        if (!MessageDigest.isEqual(told, before.code().getBytes(StandardCharsets.UTF_8)))
            throw Refusal.of("verificationCode", "It is another one");
        whole.put("verificationCode", before.code());
    }

    private static boolean isSet(ObjectNode object, String name) {
        return object.has(name) && !object.get(name).isNull();
    }

    private static String text(ObjectNode object, String name, int longest) throws Refusal {
        JsonNode text = object.path(name);
        if (!text.isTextual() || text.textValue().isEmpty()) throw Refusal.of(name, name + " is missing");
        if (text.textValue().length() > longest) throw Refusal.of(name, name + " is too long");
        return text.textValue();
    }

    private String url(String given) throws Refusal {
        try {
            URI url = new URI(given);
            boolean well = "https".equalsIgnoreCase(url.getScheme())
                    && url.getHost() != null
                    && url.getRawUserInfo() == null
                    && url.getRawFragment() == null
                    && given.equals(url.toASCIIString())
                    && url.getPort() < 1 << 16
                    && url.getPort() != 0;
            if (!well) throw Refusal.of("url", "A URL to be pushed to begins with https://, and names no user");
            client.look(url);
            return given;
        } catch (URISyntaxException e) {
            throw Refusal.of("url", "That is no URL");
        } catch (PushClient.Forbidden e) {
            throw Refusal.of("url", e.getMessage());
        } catch (UnknownHostException e) {
            throw Refusal.of("url", "Its host is not known");
        } catch (IOException e) {
            throw Refusal.of("url", "It cannot be looked at now");
        }
    }

    private static JsonNode keys(JsonNode given) throws Refusal {
        if (given.isMissingNode() || given.isNull()) return Json.NODES.nullNode();
        if (!(given instanceof ObjectNode keys) || keys.size() != 2)
            throw Refusal.of("keys", "keys has p256dh and auth");
        try {
            PushKeys.of(text(keys, "p256dh", LONGEST_TEXT), text(keys, "auth", LONGEST_TEXT));
        } catch (IllegalArgumentException e) {
            throw Refusal.of("keys", e.getMessage());
        }
        return keys;
    }

    /** To the second; the server's latest where the client says none, or a later one. What ends by itself is the bound of what was made with it, RFC 8620 7.2. */
    private JsonNode expires(ObjectNode object, Optional<Credential> by) throws Refusal {
        boolean bounded = by.flatMap(Credential::expires).isPresent();
        Instant latest = bounded ? Instant.MAX : now().plus(LONGEST).truncatedTo(ChronoUnit.SECONDS);
        JsonNode last = bounded ? Json.NODES.nullNode() : Json.NODES.textNode(latest.toString());
        if (!isSet(object, "expires")) return last;
        try {
            String asked = object.path("expires").asText();
            if (!asked.endsWith("Z")) throw Refusal.of("expires", "expires is a UTCDate");
            return Instant.parse(asked).isAfter(latest) ? last : object.get("expires");
        } catch (DateTimeParseException e) {
            throw Refusal.of("expires", "expires is a UTCDate");
        }
    }

    private static JsonNode types(ObjectNode object) throws Refusal {
        if (!isSet(object, "types")) return Json.NODES.nullNode();
        JsonNode types = object.get("types");
        if (!types.isArray() || types.size() > MOST_TYPES) throw Refusal.of("types", "types is a list of names");
        for (JsonNode one : types)
            if (!one.isTextual() || one.textValue().length() > LONGEST_TEXT)
                throw Refusal.of("types", "A name of a type is a string");
        return types;
    }
}
