package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.posthorn.jmap.Json;

/**
 * What became of a message, RFC 9007 2 and RFC 8098 3.2.6.
 *
 * @param actionMode whether its reader did that, or a program
 * @param sendingMode whether he wanted it to be told
 * @param type what was done
 */
record Disposition(String actionMode, String sendingMode, String type) {

    private static final Set<String> ACTION_MODES = Set.of("manual-action", "automatic-action");
    private static final Set<String> SENDING_MODES = Set.of("mdn-sent-manually", "mdn-sent-automatically");
    private static final Set<String> TYPES = Set.of("deleted", "dispatched", "displayed", "processed");

    /** Empty when a mode or the type is none. */
    private Optional<Disposition> known() {
        boolean known =
                ACTION_MODES.contains(actionMode) && SENDING_MODES.contains(sendingMode) && TYPES.contains(type);
        return known ? Optional.of(this) : Optional.empty();
    }

    /** As a client gives it. */
    static Optional<Disposition> of(JsonNode json) {
        Disposition given = new Disposition(
                json.path("actionMode").asText(),
                json.path("sendingMode").asText(),
                json.path("type").asText());
        return json.size() == 3 ? given.known() : Optional.empty();
    }

    /** As it stands in a report, in any case, with modifiers or without. */
    static Optional<Disposition> of(String field) {
        String[] words = field.toLowerCase(Locale.ROOT).split("[/;]", 4);
        return words.length < 3
                ? Optional.empty()
                : new Disposition(words[0].strip(), words[1].strip(), words[2].strip()).known();
    }

    boolean automatic() {
        return sendingMode.equals("mdn-sent-automatically");
    }

    ObjectNode json() {
        ObjectNode json = Json.NODES.objectNode().put("actionMode", actionMode);
        return json.put("sendingMode", sendingMode).put("type", type);
    }

    String field() {
        return actionMode + "/" + sendingMode.replace("mdn", "MDN") + "; " + type;
    }
}
