package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.posthorn.api.mail.Address;
import org.posthorn.jmap.Json;
import org.posthorn.jmap.Refusal;

/**
 * An MDN as a client gives it, RFC 9007 2.
 *
 * @param json as it came
 * @param extensions by the names of their fields
 */
record MdnDraft(ObjectNode json, String forEmailId, Disposition disposition, Map<String, String> extensions) {

    private static final Set<String> SERVERS = Set.of("mdnGateway", "originalRecipient", "originalMessageId", "error");
    private static final Set<String> TEXTS =
            Set.of("forEmailId", "subject", "textBody", "reportingUA", "finalRecipient");

    /** Fields that are told by other properties, or are the server's. */
    private static final Set<String> FIELDS = Set.of(
            "reporting-ua",
            "mdn-gateway",
            "original-recipient",
            "final-recipient",
            "original-message-id",
            "disposition",
            "error");

    private static final int MOST_EXTENSIONS = 50;
    private static final String LINE = "[\\x20-\\x7E]{1,900}";

    /** Octets in a text that nobody writes by hand. */
    private static final int LONGEST_TEXT = 1 << 16;

    static MdnDraft of(ObjectNode json) throws Refusal {
        for (Map.Entry<String, JsonNode> one : json.properties()) sound(one.getKey(), one.getValue());
        if (!json.hasNonNull("forEmailId")) throw Refusal.of("forEmailId", "forEmailId is missing");
        Disposition disposition = Disposition.of(json.path("disposition"))
                .orElseThrow(() -> Refusal.of("disposition", "disposition is none"));
        return new MdnDraft(json, json.path("forEmailId").textValue(), disposition, extensions(json));
    }

    private static void sound(String name, JsonNode value) throws Refusal {
        if (value.isNull() || name.equals("disposition") || name.equals("extensionFields")) return;
        if (SERVERS.contains(name)) throw Refusal.of(name, "The server sets this");
        boolean sound = name.equals("includeOriginalMessage")
                ? value.isBoolean()
                : TEXTS.contains(name) && value.isTextual() && value.textValue().length() <= LONGEST_TEXT;
        boolean line = !name.equals("reportingUA") || value.asText().matches(LINE);
        if (!sound || !line) throw Refusal.of(name, name + " is not what an MDN has");
    }

    private static Map<String, String> extensions(ObjectNode json) throws Refusal {
        Map<String, String> extensions = new LinkedHashMap<>();
        JsonNode given = json.path("extensionFields");
        if (given.size() > MOST_EXTENSIONS || !given.isObject() && !given.isNull() && !given.isMissingNode())
            throw Refusal.of("extensionFields", "extensionFields is an object with few members");
        for (Map.Entry<String, JsonNode> one : given.properties()) {
            boolean field = one.getKey().matches("[A-Za-z0-9-]{1,70}")
                    && !FIELDS.contains(one.getKey().toLowerCase(Locale.ROOT));
            if (!field
                    || !one.getValue().isTextual()
                    || !one.getValue().textValue().matches(LINE))
                throw Refusal.of("extensionFields", "No field of a report: " + one.getKey());
            extensions.put(one.getKey(), one.getValue().textValue());
        }
        return extensions;
    }

    private Optional<String> text(String name) {
        return Optional.ofNullable(json.path(name).textValue());
    }

    boolean includesOriginal() {
        return json.path("includeOriginalMessage").asBoolean();
    }

    /** For whom it is, as the client says. @throws Refusal when that is no address */
    Optional<Address> finalRecipient() throws Refusal {
        Optional<String> given = text("finalRecipient");
        if (given.isEmpty()) return Optional.empty();
        Optional<Address> address = Address.parse(
                given.get().replaceFirst("(?i)^\\s*(rfc822|utf-8)\\s*;\\s*", "").strip());
        if (address.filter(a -> !a.domain().isEmpty()).isEmpty())
            throw Refusal.of("finalRecipient", "finalRecipient is no address");
        return address;
    }

    /** With its address-type, RFC 8098 3.2.4 and RFC 6533. */
    static String typed(Address recipient) {
        return (recipient.international() ? "utf-8; " : "rfc822; ") + recipient;
    }

    /** All that the client has not set, as it goes out. @param recipient for whom it is */
    ObjectNode completed(Address recipient, MdnOriginal original) {
        ObjectNode all = Json.NODES.objectNode();
        all.put("subject", "Disposition notification").put("textBody", told(recipient, original));
        all.put("includeOriginalMessage", false).putNull("reportingUA").putNull("mdnGateway");
        all.put("originalRecipient", original.originalRecipient().orElse(null));
        all.put("finalRecipient", typed(recipient));
        all.put("originalMessageId", original.messageId().orElse(null));
        all.putNull("error").putNull("extensionFields");
        all.remove(json.properties().stream()
                .filter(one -> !one.getValue().isNull())
                .map(Map.Entry::getKey)
                .toList());
        return all;
    }

    private String told(Address recipient, MdnOriginal original) {
        String subject = original.field("Subject")
                .map(s -> " with the subject \"" + MailText.decoded(s) + "\"")
                .orElse("");
        return "The message to " + recipient + subject + " was " + disposition.type()
                + ". That it was read or understood is not said by this.\n";
    }

    /** The message. @param whole the client's and the server's, {@code included} the blob of the original */
    EmailDraft message(ObjectNode identity, List<Address> to, ObjectNode whole, Optional<String> included)
            throws Refusal {
        DraftFields fields = new DraftFields();
        ArrayNode from = Json.NODES.arrayNode();
        from.addObject()
                .put("name", identity.path("name").asText())
                .put("email", identity.path("email").asText());
        ArrayNode recipients = Json.NODES.arrayNode();
        to.forEach(address -> recipients.addObject().put("email", address.toString()));
        fields.add("From", FieldText.of("From", "from", HeaderForm.ADDRESSES, from));
        fields.add("To", FieldText.of("To", "to", HeaderForm.ADDRESSES, recipients));
        fields.add("Subject", FieldText.of("Subject", "subject", HeaderForm.TEXT, whole.path("subject")));
        if (whole.path("originalMessageId").isTextual())
            for (String field : List.of("In-Reply-To", "References"))
                fields.add(
                        field,
                        FieldText.folded(field, whole.path("originalMessageId").textValue()));
        if (disposition.automatic()) fields.add("Auto-Submitted", "Auto-Submitted: auto-replied\r\n");
        List<DraftPart> parts = new ArrayList<>();
        parts.add(DraftPart.plain(whole.path("textBody").textValue()));
        parts.add(report(whole));
        included.ifPresent(blob ->
                parts.add(new DraftPart("message/rfc822", "", "", Optional.empty(), Optional.of(blob), List.of())));
        return new EmailDraft(fields, DraftPart.multipart("report", "; report-type=disposition-notification", parts));
    }

    /** RFC 8098 3.1, and RFC 6533 where an address needs more than ASCII. */
    private DraftPart report(ObjectNode whole) {
        Map<String, String> fields = new LinkedHashMap<>();
        MdnReport.FIELDS.forEach((property, field) -> {
            if (whole.path(property).isTextual())
                fields.put(field, whole.path(property).textValue());
        });
        fields.put("Disposition", disposition.field());
        fields.putAll(extensions);
        StringBuilder text = new StringBuilder();
        fields.forEach(
                (name, value) -> text.append(name).append(": ").append(value).append('\n'));
        String type =
                text.chars().allMatch(c -> c < 128) ? "disposition-notification" : "global-disposition-notification";
        return new DraftPart("message/" + type, "", "", Optional.of(text.toString()), Optional.empty(), List.of());
    }
}
