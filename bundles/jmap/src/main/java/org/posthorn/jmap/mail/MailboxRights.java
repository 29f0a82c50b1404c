package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.posthorn.api.mailbox.Rights;
import org.posthorn.jmap.Json;
import org.posthorn.jmap.Refusal;

/** MailboxRights as RFC 8621 2 maps them to those of RFC 4314. */
final class MailboxRights {

    /** The letters by the property that stands for all of them. */
    static final Map<String, String> LETTERS = letters();

    private MailboxRights() {}

    private static Map<String, String> letters() {
        Map<String, String> letters = new LinkedHashMap<>();
        letters.put("mayReadItems", "lr");
        letters.put("mayAddItems", "i");
        letters.put("mayRemoveItems", "te");
        letters.put("maySetSeen", "s");
        letters.put("maySetKeywords", "w");
        letters.put("mayCreateChild", "k");
        letters.put("mayRename", "x");
        letters.put("mayDelete", "x");
        letters.put("maySubmit", "p");
        return letters;
    }

    private static final String SHARE = "mayShare";

    static ObjectNode of(Rights rights) {
        ObjectNode json = Json.NODES.objectNode();
        LETTERS.forEach((property, letters) -> json.put(property, rights.hasAll(letters)));
        return json;
    }

    /** For who knows that Mailboxes can be shared: with the right to do so. */
    static ObjectNode withShare(Rights rights) {
        return of(rights).put(SHARE, rights.has('a'));
    }

    /** What is given to somebody. What the properties cannot say of what he had stays: a half of what one stands for. */
    static Rights read(JsonNode json, Rights had) throws Refusal {
        Map<String, String> letters = new LinkedHashMap<>(LETTERS);
        letters.put(SHARE, "a");
        for (Map.Entry<String, JsonNode> one : json.properties())
            if (!letters.containsKey(one.getKey()) || !one.getValue().isBoolean())
                throw ShareWith.wrong("There is no right " + one.getKey());
        if (!json.isObject()
                || json.path("mayRename").asBoolean() != json.path("mayDelete").asBoolean())
            throw ShareWith.wrong("Rights are an object, and who may rename may delete");
        Rights rights = had;
        for (Map.Entry<String, String> right : letters.entrySet()) {
            boolean wanted = json.path(right.getKey()).asBoolean();
            Rights these = new Rights(right.getValue());
            if (wanted != had.hasAll(right.getValue())) rights = wanted ? rights.with(these) : rights.without(these);
        }
        return rights;
    }

    /** What of these one has in an INBOX: without it no mail could come. */
    static Rights inInbox(Rights rights) {
        return rights.without(new Rights("x"));
    }

    /** The property {@code myRights} of a mailbox as it was or is, for who knows that it can be shared; null where he may not look it up. */
    static JsonNode mine(Rights rights) {
        return rights.has('l') ? withShare(rights) : Json.NODES.nullNode();
    }
}
