package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.posthorn.api.mail.HeaderField;
import org.posthorn.jmap.Json;

/**
 * A property that stands for a field of a header, RFC 8621 4.1.3.
 *
 * @param field its name, in any case
 * @param all whether all fields of that name are meant, and not the last one
 */
record HeaderProperty(String field, HeaderForm form, boolean all) {

    private static final String PREFIX = "header:";

    /** Those with names of their own. */
    private static final Map<String, HeaderProperty> CONVENIENT = Map.ofEntries(
            Map.entry("messageId", new HeaderProperty("Message-ID", HeaderForm.MESSAGE_IDS, false)),
            Map.entry("inReplyTo", new HeaderProperty("In-Reply-To", HeaderForm.MESSAGE_IDS, false)),
            Map.entry("references", new HeaderProperty("References", HeaderForm.MESSAGE_IDS, false)),
            Map.entry("sender", new HeaderProperty("Sender", HeaderForm.ADDRESSES, false)),
            Map.entry("from", new HeaderProperty("From", HeaderForm.ADDRESSES, false)),
            Map.entry("to", new HeaderProperty("To", HeaderForm.ADDRESSES, false)),
            Map.entry("cc", new HeaderProperty("Cc", HeaderForm.ADDRESSES, false)),
            Map.entry("bcc", new HeaderProperty("Bcc", HeaderForm.ADDRESSES, false)),
            Map.entry("replyTo", new HeaderProperty("Reply-To", HeaderForm.ADDRESSES, false)),
            Map.entry("subject", new HeaderProperty("Subject", HeaderForm.TEXT, false)),
            Map.entry("sentAt", new HeaderProperty("Date", HeaderForm.DATE, false)));

    /** The one that a property is by a name of its own. */
    static Optional<HeaderProperty> convenient(String property) {
        return Optional.ofNullable(CONVENIENT.get(property));
    }

    /** The one that {@code header:Name:asForm:all} is; empty when it is none, or in a form that does not suit the field. */
    static Optional<HeaderProperty> parse(String property) {
        if (!property.startsWith(PREFIX)) return Optional.empty();
        String rest = property.substring(PREFIX.length());
        boolean all = rest.endsWith(":all");
        if (all) rest = rest.substring(0, rest.length() - ":all".length());
        int colon = rest.indexOf(':');
        String name = colon < 0 ? rest : rest.substring(0, colon);
        Optional<HeaderForm> form =
                colon < 0 ? Optional.of(HeaderForm.RAW) : HeaderForm.named(rest.substring(colon + 1));
        return form.filter(f -> isName(name) && f.suits(name)).map(f -> new HeaderProperty(name, f, all));
    }

    private static boolean isName(String name) {
        return !name.isEmpty() && name.chars().allMatch(c -> c > ' ' && c < 127 && c != ':');
    }

    /** Those of a header's fields that are meant, or might be. */
    List<HeaderField> fields(List<HeaderField> header) {
        return header.stream().filter(f -> f.is(field)).toList();
    }

    /** What that may take in memory, in octets. */
    long cost(List<HeaderField> header) {
        List<HeaderField> fields = fields(header);
        List<HeaderField> told = all || fields.isEmpty() ? fields : fields.subList(fields.size() - 1, fields.size());
        return told.stream().mapToLong(form::cost).sum();
    }

    /** What it is in a header with these fields. */
    JsonNode of(List<HeaderField> header) {
        List<HeaderField> fields = fields(header);
        if (!all) {
            if (fields.isEmpty()) return Json.NODES.nullNode();
            return form.of(fields.get(fields.size() - 1));
        }
        ArrayNode each = Json.NODES.arrayNode();
        fields.forEach(f -> each.add(form.of(f)));
        return each;
    }
}
