package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.posthorn.jmap.Json;
import org.posthorn.jmap.MethodFault;
import org.posthorn.jmap.Refusal;

/**
 * What a client wants of an Email that is snoozed: the SnoozeDetails of draft-ietf-extra-email-snooze.
 *
 * @param until to the second
 * @param moveToMailboxId where it comes back; INBOX when it is empty, or there is no such mailbox then
 * @param setKeywords in lower case; those that it gets then, and those that it loses
 */
record SnoozeDetails(Instant until, Optional<String> moveToMailboxId, SortedMap<String, Boolean> setKeywords) {

    private static final Set<String> MEMBERS = Set.of("until", "moveToMailboxId", "setKeywords");

    private static final int MOST_KEYWORDS = 100;

    /** Beyond that a UTCDate has no year of four digits, RFC 3339. */
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    /** @throws Refusal invalidProperties */
    static SnoozeDetails of(JsonNode json) throws Refusal {
        if (!json.isObject()) throw refused("It is an object or null");
        for (Map.Entry<String, JsonNode> member : json.properties())
            if (!MEMBERS.contains(member.getKey())) throw refused("It has no " + member.getKey());
        return new SnoozeDetails(
                until(json.path("until")), mailbox(json.path("moveToMailboxId")), keywords(json.path("setKeywords")));
    }

    private static Instant until(JsonNode json) throws Refusal {
        try {
            Instant until = Values.date("until", json).truncatedTo(ChronoUnit.SECONDS);
            if (until.isBefore(Instant.EPOCH) || until.isAfter(LATEST)) throw refused("until is no year of ours");
            return until;
        } catch (MethodFault none) {
            throw refused("until is a UTCDate");
        }
    }

    private static Optional<String> mailbox(JsonNode json) throws Refusal {
        if (json.isMissingNode() || json.isNull()) return Optional.empty();
        if (!json.isTextual()) throw refused("moveToMailboxId is an id or null");
        return Optional.of(json.textValue());
    }

    private static SortedMap<String, Boolean> keywords(JsonNode json) throws Refusal {
        SortedMap<String, Boolean> keywords = new TreeMap<>();
        if (json.isMissingNode() || json.isNull()) return keywords;
        for (Map.Entry<String, JsonNode> each : json.properties()) {
            if (!Keywords.possible(each.getKey()) || !each.getValue().isBoolean())
                throw refused("setKeywords says true or false of keywords");
            keywords.put(each.getKey().toLowerCase(Locale.ROOT), each.getValue().booleanValue());
        }
        if (!json.isObject() || keywords.size() > MOST_KEYWORDS)
            throw refused("setKeywords is an object of at most " + MOST_KEYWORDS + " keywords");
        return keywords;
    }

    private static Refusal refused(String why) {
        return Refusal.of("snoozed", why);
    }

    SnoozeDetails to(Optional<String> mailboxId) {
        return new SnoozeDetails(until, mailboxId, setKeywords);
    }

    /** What the keywords of an Email become. */
    SortedSet<String> applied(SortedSet<String> keywords) {
        SortedSet<String> then = new TreeSet<>(keywords);
        setKeywords.forEach((keyword, on) -> {
            if (on) then.add(keyword);
            else then.remove(keyword);
        });
        return then;
    }

    /** As clients are told of it. */
    ObjectNode json() {
        ObjectNode json = Json.NODES.objectNode().put("until", until.toString());
        json.put("moveToMailboxId", moveToMailboxId.orElse(null));
        if (setKeywords.isEmpty()) return json.putNull("setKeywords");
        ObjectNode keywords = json.putObject("setKeywords");
        setKeywords.forEach(keywords::put);
        return json;
    }
}
