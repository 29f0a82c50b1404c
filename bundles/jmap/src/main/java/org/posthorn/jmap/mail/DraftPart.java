package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.posthorn.jmap.Refusal;

/**
 * A part of a message that is being made, RFC 8621 4.6.
 *
 * @param type in lower case
 * @param fields those of its header that say what it is, but for type and transfer encoding
 * @param parameters of Content-Type, as they are written
 * @param text what it says, if the client has given that
 * @param blobId what it holds else; empty for a multipart
 */
record DraftPart(
        String type,
        String fields,
        String parameters,
        Optional<String> text,
        Optional<String> blobId,
        List<DraftPart> parts) {

    private static final Set<String> KNOWN = Set.of(
            "partId",
            "blobId",
            "size",
            "name",
            "type",
            "charset",
            "disposition",
            "cid",
            "language",
            "location",
            "subParts");

    private static final int DEEPEST = 50;

    /** One that is made of others. */
    static DraftPart multipart(String subtype, List<DraftPart> parts) {
        return multipart(subtype, "", parts);
    }

    static DraftPart multipart(String subtype, String parameters, List<DraftPart> parts) {
        return new DraftPart(
                "multipart/" + subtype, "", parameters, Optional.empty(), Optional.empty(), List.copyOf(parts));
    }

    static DraftPart plain(String text) {
        return new DraftPart("text/plain", "", "", Optional.of(text), Optional.empty(), List.of());
    }

    boolean isMultipart() {
        return type.startsWith("multipart/");
    }

    /** Whether its own header has a field of that name. */
    boolean has(String name) {
        return ("\n" + fields).toLowerCase(Locale.ROOT).contains("\n" + name.toLowerCase(Locale.ROOT) + ":");
    }

    /** The blobs of it and of all below it. */
    Stream<String> blobIds() {
        return Stream.concat(blobId.stream(), parts.stream().flatMap(DraftPart::blobIds));
    }

    /**
     * Reads an EmailBodyPart.
     *
     * @param property where it stands, for errors
     * @param usual its type if it says none
     * @param taken fields that the message has already, if this is the part that has its header in common with it
     */
    static DraftPart of(ObjectNode json, String property, String usual, JsonNode values, DraftFields taken)
            throws Refusal {
        return new Reading(json, property, values).part(usual, taken, 0);
    }

    /** One part that is being read. */
    private record Reading(ObjectNode json, String property, JsonNode values) {

        DraftPart part(String usual, DraftFields taken, int depth) throws Refusal {
            if (depth > DEEPEST) throw wrong("lies too deep");
            String type = text("type").orElse(usual).toLowerCase(Locale.ROOT);
            if (!type.matches("[a-z0-9!#$&^_.+-]{1,100}/[a-z0-9!#$&^_.+-]{1,100}")) throw wrong("has no sound type");
            DraftFields fields = new DraftFields();
            String parameters = described(fields);
            headers(fields, taken);
            boolean multipart = type.startsWith("multipart/");
            Optional<String> blob = text("blobId");
            Optional<String> text = text("partId").isEmpty() ? Optional.empty() : Optional.of(value());
            if (multipart != (blob.isEmpty() && text.isEmpty()) || blob.isPresent() && text.isPresent())
                throw wrong("has either a partId or a blobId, and a multipart has none");
            return new DraftPart(type, fields.toString(), parameters, text, blob, parts(multipart, depth));
        }

        private Refusal wrong(String why) {
            return Refusal.of(property, "A part " + why);
        }

        private Optional<String> text(String name) throws Refusal {
            JsonNode value = json.path(name);
            if (value.isMissingNode() || value.isNull()) return Optional.empty();
            if (!value.isTextual()) throw wrong("has a " + name + " that is no string");
            return Optional.of(value.textValue());
        }

        private String value() throws Refusal {
            JsonNode value = values.path(text("partId").orElseThrow());
            if (!value.path("value").isTextual()) throw Refusal.of("bodyValues", "There is no such value");
            for (Map.Entry<String, JsonNode> member : value.properties()) {
                boolean flag =
                        member.getKey().equals("isTruncated") || member.getKey().equals("isEncodingProblem");
                boolean whole = flag && member.getValue().equals(json.booleanNode(false));
                if (!whole && !member.getKey().equals("value"))
                    throw Refusal.of("bodyValues", "A value that is not whole, or something else, makes no message");
            }
            if (json.hasNonNull("charset") || json.hasNonNull("size"))
                throw wrong("with a partId has neither charset nor size");
            return value.path("value").textValue();
        }

        private List<DraftPart> parts(boolean multipart, int depth) throws Refusal {
            List<DraftPart> parts = new ArrayList<>();
            JsonNode below = json.path("subParts");
            if (multipart != below.isArray() && !below.isNull()) throw wrong("has parts below it if it is a multipart");
            for (JsonNode one : below) {
                if (!(one instanceof ObjectNode object)) throw wrong("is no object");
                parts.add(new Reading(object, property, values).part("text/plain", new DraftFields(), depth + 1));
            }
            if (multipart && parts.isEmpty()) throw wrong("that is a multipart has parts below it");
            return parts;
        }

        /** Adds the fields of its properties. @return the parameters of its type */
        private String described(DraftFields fields) throws Refusal {
            Optional<String> disposition = text("disposition");
            Optional<String> name =
                    text("name").map(n -> MimeParameter.of(disposition.isPresent() ? "filename" : "name", n));
            Optional<String> charset = text("charset").map(c -> MimeParameter.of("charset", c));
            if (disposition.isPresent() && !disposition.get().matches("[A-Za-z0-9-]{1,50}"))
                throw wrong("has a disposition that is none");
            if (disposition.isPresent())
                fields.add(
                        "Content-Disposition", "Content-Disposition: " + disposition.get() + name.orElse("") + "\r\n");
            Map<String, HeaderProperty> others = Map.of(
                    "cid", new HeaderProperty("Content-Id", HeaderForm.MESSAGE_IDS, false),
                    "location", new HeaderProperty("Content-Location", HeaderForm.RAW, false));
            for (Map.Entry<String, HeaderProperty> other : others.entrySet()) {
                Optional<String> value = text(other.getKey());
                if (value.isEmpty()) continue;
                JsonNode node = other.getKey().equals("cid")
                        ? json.arrayNode().add(value.get())
                        : json.textNode(" " + value.get());
                fields.add(other.getKey(), Optional.of(other.getValue()), node);
            }
            language(fields);
            return charset.orElse("") + (disposition.isPresent() ? "" : name.orElse(""));
        }

        private void language(DraftFields fields) throws Refusal {
            List<String> tags = new ArrayList<>();
            JsonNode language = json.path("language");
            if (!language.isArray() && json.hasNonNull("language")) throw wrong("has languages that are no list");
            for (JsonNode tag : language) {
                if (!tag.isTextual() || !tag.textValue().matches("[A-Za-z0-9-]{1,50}"))
                    throw wrong("has a language that is none");
                tags.add(tag.textValue());
            }
            if (!tags.isEmpty())
                fields.add("Content-Language", "Content-Language: " + String.join(", ", tags) + "\r\n");
        }

        private void headers(DraftFields fields, DraftFields taken) throws Refusal {
            for (Map.Entry<String, JsonNode> member : json.properties()) {
                String name = member.getKey();
                if (KNOWN.contains(name)) continue;
                Optional<HeaderProperty> header = HeaderProperty.parse(name);
                String field =
                        header.map(h -> h.field().toLowerCase(Locale.ROOT)).orElse("");
                boolean free = !field.isEmpty()
                        && !taken.has(field)
                        && !field.equals("content-transfer-encoding")
                        && !field.equals("content-type");
                if (!free) throw Refusal.of(property + "/" + name, "A part cannot have " + name);
                fields.add(name, header, member.getValue());
            }
        }
    }
}
