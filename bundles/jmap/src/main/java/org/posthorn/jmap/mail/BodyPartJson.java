package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.posthorn.api.mail.HeaderField;
import org.posthorn.jmap.Budget;
import org.posthorn.jmap.Json;
import org.posthorn.jmap.MethodFault;

/** EmailBodyPart objects of one message, RFC 8621 4.1.4, with the properties that are wanted. */
final class BodyPartJson {

    /** What is told of a part when nothing else is asked for, RFC 8621 4.2. */
    static final List<String> USUAL = List.of(
            "partId", "blobId", "size", "name", "type", "charset", "disposition", "cid", "language", "location");

    private static final Set<String> MORE = Set.of("headers", "subParts");

    /** What one property is of a part. */
    private interface Reading {
        JsonNode of(BodyPartJson all, BodyPart part) throws IOException, MethodFault;
    }

    private static final Map<String, Reading> READINGS = Map.ofEntries(
            Map.entry("partId", (all, part) -> text(leaf(part).map(BodyPart::partId))),
            Map.entry("blobId", (all, part) -> text(leaf(part).map(p -> BlobIds.part(all.email.blobId(), p.partId())))),
            Map.entry("size", (all, part) -> Json.NODES.numberNode(all.email.size(part))),
            Map.entry("name", (all, part) -> text(part.name())),
            Map.entry("type", (all, part) -> Json.NODES.textNode(part.type())),
            Map.entry("charset", (all, part) -> text(part.charset())),
            Map.entry("disposition", (all, part) -> text(part.disposition())),
            Map.entry("cid", (all, part) -> text(part.cid())),
            Map.entry("language", (all, part) -> texts(part.language())),
            Map.entry("location", (all, part) -> text(part.location())),
            Map.entry("headers", (all, part) -> headers(all.header(part))),
            Map.entry("subParts", BodyPartJson::subParts));

    private final ReadEmail email;
    private final List<String> properties;
    private final Budget budget;

    BodyPartJson(ReadEmail email, List<String> properties, Budget budget) {
        this.email = email;
        this.properties = properties;
        this.budget = budget;
    }

    /** Whether a part has such a property. */
    static boolean knows(String property) {
        return USUAL.contains(property)
                || MORE.contains(property)
                || HeaderProperty.parse(property).isPresent();
    }

    /** The part with all below it. */
    ObjectNode tree(BodyPart part) throws IOException, MethodFault {
        ObjectNode json = flat(part);
        if (part.isMultipart()) json.set("subParts", subParts(part));
        return json;
    }

    /** The parts of a list, in which none has parts below it. */
    ArrayNode list(List<BodyPart> parts) throws IOException, MethodFault {
        ArrayNode list = Json.NODES.arrayNode();
        for (BodyPart part : parts) list.add(flat(part));
        return list;
    }

    private ObjectNode flat(BodyPart part) throws IOException, MethodFault {
        ObjectNode json = Json.NODES.objectNode();
        for (String property : properties) {
            budget.member(property);
            Reading reading = READINGS.get(property);
            if (reading != null) json.set(property, reading.of(this, part));
            else json.set(property, field(part, HeaderProperty.parse(property).orElseThrow()));
            if (!MORE.contains(property)) budget.value(json.get(property));
        }
        return json;
    }

    private JsonNode field(BodyPart part, HeaderProperty property) throws IOException, MethodFault {
        List<HeaderField> header = email.header(part);
        budget.take(property.cost(header));
        return property.of(header);
    }

    private JsonNode subParts(BodyPart part) throws IOException, MethodFault {
        if (!part.isMultipart()) return Json.NODES.nullNode();
        ArrayNode parts = Json.NODES.arrayNode();
        for (BodyPart below : part.subParts()) parts.add(tree(below));
        return parts;
    }

    private List<HeaderField> header(BodyPart part) throws IOException, MethodFault {
        List<HeaderField> header = email.header(part);
        budget.take(length(header));
        return header;
    }

    /** How much they take as objects, in octets. */
    static long length(List<HeaderField> header) {
        return header.stream()
                .mapToLong(f -> 350 + 2L * (f.name().length() + f.value().length()))
                .sum();
    }

    /** EmailHeader[], RFC 8621 4.1.3. */
    static ArrayNode headers(List<HeaderField> header) {
        ArrayNode list = Json.NODES.arrayNode();
        for (HeaderField field : header)
            list.addObject().put("name", MailText.raw(field.name())).put("value", MailText.raw(field.value()));
        return list;
    }

    private static Optional<BodyPart> leaf(BodyPart part) {
        return Optional.of(part).filter(p -> !p.isMultipart());
    }

    private static JsonNode text(Optional<String> text) {
        return text.<JsonNode>map(Json.NODES::textNode).orElse(Json.NODES.nullNode());
    }

    private static JsonNode texts(List<String> texts) {
        if (texts.isEmpty()) return Json.NODES.nullNode();
        ArrayNode list = Json.NODES.arrayNode();
        texts.forEach(list::add);
        return list;
    }
}
