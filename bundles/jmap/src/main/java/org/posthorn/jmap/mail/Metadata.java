package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import org.posthorn.api.mailbox.Email;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.ObjectId;
import org.posthorn.jmap.Json;

/** What the index knows of an Email, RFC 8621 4.1.1. */
final class Metadata {

    static final String SEEN = "$seen";

    private static final Map<String, Function<Email, JsonNode>> READINGS = Map.of(
            "id", e -> Json.NODES.textNode(id(e)),
            "blobId", e -> Json.NODES.textNode(BlobIds.email(e.number())),
            "threadId", e -> Json.NODES.textNode(ObjectId.thread(e.thread())),
            "mailboxIds", Metadata::mailboxIds,
            "keywords", e -> set(keywords(e)),
            "size", e -> Json.NODES.numberNode(size(e)),
            "receivedAt", e -> Json.NODES.textNode(receivedAt(e).toString()));

    private Metadata() {}

    /** Adds the property, if it is one of these. */
    static void put(ObjectNode json, String property, Email email) {
        Function<Email, JsonNode> reading = READINGS.get(property);
        if (reading != null) json.set(property, reading.apply(email));
    }

    static boolean knows(String property) {
        return READINGS.containsKey(property);
    }

    static String id(Email email) {
        return ObjectId.email(email.number());
    }

    private static Entry entry(Email email) {
        return email.places().get(0).entry();
    }

    static long size(Email email) {
        return entry(email).size();
    }

    static Instant receivedAt(Email email) {
        return entry(email).internalDate();
    }

    /** Copies may differ: it is seen when all are, and has each other keyword that one of them has. */
    static SortedSet<String> keywords(Email email) {
        SortedSet<String> keywords = new TreeSet<>();
        for (Email.Place place : email.places())
            keywords.addAll(Keywords.of(place.entry().flags()));
        if (!hasKeyword(email, SEEN)) keywords.remove(SEEN);
        return keywords;
    }

    /** @param keyword in any case */
    static boolean hasKeyword(Email email, String keyword) {
        var places = email.places().stream();
        return SEEN.equalsIgnoreCase(keyword)
                ? places.allMatch(p -> Keywords.has(p.entry().flags(), keyword))
                : places.anyMatch(p -> Keywords.has(p.entry().flags(), keyword));
    }

    private static JsonNode mailboxIds(Email email) {
        SortedSet<String> ids = new TreeSet<>();
        email.places().forEach(p -> ids.add(p.mailboxId()));
        return set(ids);
    }

    /** As JMAP has sets: {@code String[Boolean]}. */
    static ObjectNode set(Iterable<String> members) {
        ObjectNode set = Json.NODES.objectNode();
        members.forEach(m -> set.put(m, true));
        return set;
    }
}
