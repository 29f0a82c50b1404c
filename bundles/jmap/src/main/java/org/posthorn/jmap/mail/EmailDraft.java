package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.posthorn.jmap.Json;
import org.posthorn.jmap.Refusal;

/**
 * A message as a client describes it, RFC 8621 4.6.
 *
 * @param fields of its header, those of its body excepted
 */
record EmailDraft(DraftFields fields, DraftPart body) {

    private static final Set<String> OF_BODY =
            Set.of("bodyStructure", "textBody", "htmlBody", "attachments", "bodyValues");

    private static final Set<String> OF_PLACE = Set.of("mailboxIds", "keywords", "receivedAt");

    static EmailDraft of(ObjectNode json) throws Refusal {
        DraftFields fields = new DraftFields();
        for (Map.Entry<String, JsonNode> member : json.properties()) {
            String name = member.getKey();
            if (OF_BODY.contains(name) || OF_PLACE.contains(name)) continue;
            Optional<HeaderProperty> header = HeaderProperty.convenient(name).or(() -> HeaderProperty.parse(name));
            boolean content = header.filter(
                            h -> h.field().toLowerCase(Locale.ROOT).startsWith("content-"))
                    .isPresent();
            if (content || !fields.add(name, header, member.getValue()))
                throw Refusal.of(name, "An Email cannot be made with " + name);
        }
        return new EmailDraft(fields, new Reading(json, fields).body());
    }

    /** The body that is being read. */
    private record Reading(ObjectNode json, DraftFields fields) {

        DraftPart body() throws Refusal {
            if (present("bodyValues") && !json.path("bodyValues").isObject())
                throw Refusal.of("bodyValues", "They go by the partId");
            JsonNode structure = json.path("bodyStructure");
            if (!present("bodyStructure")) return assembled();
            for (String list : List.of("textBody", "htmlBody", "attachments"))
                if (present(list)) throw Refusal.of(list, "Either bodyStructure or lists of parts");
            return part(structure, "bodyStructure", "text/plain", fields);
        }

        private boolean present(String property) {
            return json.hasNonNull(property);
        }

        private DraftPart part(JsonNode part, String property, String usual, DraftFields taken) throws Refusal {
            if (!(part instanceof ObjectNode object)) throw Refusal.of(property, "A part is an object");
            return DraftPart.of(object, property, usual, json.path("bodyValues"), taken);
        }

        /** What the lists ask for: text and HTML to choose from, what belongs to the HTML beside it, files behind all that. */
        private DraftPart assembled() throws Refusal {
            // A part that is alone has its header in common with the message.
            boolean alone = list("attachments").isEmpty() && present("textBody") != present("htmlBody");
            DraftFields taken = alone ? fields : new DraftFields();
            Optional<DraftPart> text = one("textBody", "text/plain", taken);
            Optional<DraftPart> html = one("htmlBody", "text/html", taken);
            List<DraftPart> embedded = new ArrayList<>();
            List<DraftPart> files = new ArrayList<>();
            for (JsonNode part : list("attachments")) {
                DraftPart file = part(part, "attachments", "application/octet-stream", new DraftFields());
                boolean within = html.isPresent()
                        && part.hasNonNull("cid")
                        && part.path("disposition").asText("inline").equalsIgnoreCase("inline");
                (within ? embedded : files).add(file);
            }
            List<DraftPart> shown = new ArrayList<>();
            text.ifPresent(shown::add);
            html.ifPresent(h -> shown.add(joined("related", h, embedded)));
            if (shown.isEmpty()) shown.add(DraftPart.plain(""));
            DraftPart body = shown.size() == 1 ? shown.get(0) : DraftPart.multipart("alternative", shown);
            return joined("mixed", body, files);
        }

        private static DraftPart joined(String subtype, DraftPart first, List<DraftPart> others) {
            if (others.isEmpty()) return first;
            List<DraftPart> all = new ArrayList<>(List.of(first));
            all.addAll(others);
            return DraftPart.multipart(subtype, all);
        }

        private JsonNode list(String property) throws Refusal {
            if (!present(property)) return Json.NODES.arrayNode();
            if (!json.path(property).isArray()) throw Refusal.of(property, property + " is no list");
            return json.path(property);
        }

        /** The list has one part of that type. */
        private Optional<DraftPart> one(String property, String type, DraftFields taken) throws Refusal {
            if (!present(property)) return Optional.empty();
            JsonNode list = list(property);
            if (list.size() != 1) throw Refusal.of(property, property + " has one part");
            DraftPart part = part(list.get(0), property, type, taken);
            if (!part.type().equals(type)) throw Refusal.of(property, property + " is of type " + type);
            return Optional.of(part);
        }
    }
}
