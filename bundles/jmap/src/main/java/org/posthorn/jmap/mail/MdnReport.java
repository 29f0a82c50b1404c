package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.HeaderField;
import org.posthorn.jmap.Json;
import org.posthorn.mime.HeaderBlock;
import org.posthorn.mime.Octets;
import org.posthorn.mime.Part;
import org.posthorn.mime.TransferDecoding;

/** A message that tells what became of another, RFC 8098 3, as an MDN of RFC 9007. */
record MdnReport(ReadEmail email, Part body, Disposition disposition, List<HeaderField> fields) {

    /** The fields of a report that are one text each, by the properties of an MDN, in their order. */
    static final Map<String, String> FIELDS = fields(
            "reportingUA", "Reporting-UA",
            "mdnGateway", "MDN-Gateway",
            "originalRecipient", "Original-Recipient",
            "finalRecipient", "Final-Recipient",
            "originalMessageId", "Original-Message-ID");

    private static final String TYPE = "disposition-notification";

    /** Octets of the text for people. */
    private static final int LONGEST_TEXT = 1 << 18;

    private static Map<String, String> fields(String... both) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (int i = 0; i < both.length; i += 2) fields.put(both[i], both[i + 1]);
        return Collections.unmodifiableMap(fields);
    }

    /** Empty when it is none. */
    static Optional<MdnReport> of(ReadEmail email) throws IOException {
        Part body = email.structure();
        boolean report = body.is("multipart/report")
                && body.parameter("report-type").orElse("").equalsIgnoreCase(TYPE);
        if (!report || body.children().size() < 2) return Optional.empty();
        Part part = body.children().get(1);
        if (!part.is("message/" + TYPE) && !part.is("message/global-" + TYPE)) return Optional.empty();
        List<HeaderField> fields = read(email, part);
        Optional<Disposition> disposition =
                first(fields, "Disposition").map(HeaderField::unfolded).flatMap(Disposition::of);
        boolean whole =
                disposition.isPresent() && first(fields, "Final-Recipient").isPresent();
        return whole ? Optional.of(new MdnReport(email, body, disposition.get(), fields)) : Optional.empty();
    }

    private static List<HeaderField> read(ReadEmail email, Part part) throws IOException {
        try (InputStream in =
                Octets.of(email.message(), part.body(), part.octets()).open()) {
            return HeaderBlock.read(TransferDecoding.of(in, part.encoding()));
        }
    }

    private static Optional<HeaderField> first(List<HeaderField> fields, String name) {
        return fields.stream().filter(f -> f.is(name)).findFirst();
    }

    /** The id, with its brackets, of the message that it is about. */
    Optional<String> originalMessageId() {
        return first(fields, FIELDS.get("originalMessageId")).map(MdnReport::text);
    }

    /** As the sender had written him, and where it went in the end; folded. */
    Set<Address> recipients() {
        return Stream.of("originalRecipient", "finalRecipient")
                .flatMap(property -> first(fields, FIELDS.get(property)).stream())
                .flatMap(field -> DsnReport.address(text(field)).stream())
                .collect(Collectors.toSet());
    }

    private static String text(HeaderField field) {
        return MailText.raw(field.unfolded());
    }

    /** But for forEmailId. */
    ObjectNode json() throws IOException {
        ObjectNode json = Json.NODES.objectNode();
        json.put(
                "subject",
                first(email.header(), "Subject")
                        .map(f -> MailText.decoded(f.unfolded()))
                        .orElse(null));
        json.put("textBody", told().orElse(null));
        json.put("includeOriginalMessage", body.children().size() > 2);
        json.set("disposition", disposition.json());
        FIELDS.forEach((property, name) ->
                json.put(property, first(fields, name).map(MdnReport::text).orElse(null)));
        ArrayNode errors = Json.NODES.arrayNode();
        fields.stream().filter(f -> f.is("Error")).forEach(f -> errors.add(text(f)));
        json.set("error", errors.isEmpty() ? Json.NODES.nullNode() : errors);
        ObjectNode others = others();
        json.set("extensionFields", others.isEmpty() ? Json.NODES.nullNode() : others);
        return json;
    }

    private Optional<String> told() throws IOException {
        Part first = body.children().get(0);
        return first.isText()
                ? Optional.of(BodyValue.of(email.message(), first, LONGEST_TEXT).value())
                : Optional.empty();
    }

    private ObjectNode others() {
        ObjectNode others = Json.NODES.objectNode();
        List<String> known =
                FIELDS.values().stream().map(n -> n.toLowerCase(Locale.ROOT)).toList();
        for (HeaderField field : fields) {
            String name = field.name().toLowerCase(Locale.ROOT);
            if (!known.contains(name) && !name.equals("disposition") && !name.equals("error"))
                others.put(field.name(), text(field));
        }
        return others;
    }
}
