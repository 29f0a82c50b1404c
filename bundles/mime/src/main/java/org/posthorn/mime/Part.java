package org.posthorn.mime;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.posthorn.api.mail.HeaderField;

/**
 * A part of a message as places in it: nothing is copied but the fields that say what it is. Places are octets from the start of the whole message.
 *
 * @param type in lower or upper case as written; {@code text} when nothing says what it is
 * @param parameters those of Content-Type
 * @param fields its Content fields; of a message also those of its envelope (RFC 3501 7.4.2)
 * @param start where its header begins
 * @param body where its header, with the empty line, has ended
 * @param end where its body has ended
 * @param lines line ends in its body
 * @param children of a multipart its parts, of a message/rfc822 or message/global the one message
 */
public record Part(
        String type,
        String subtype,
        List<FieldValue.Parameter> parameters,
        List<HeaderField> fields,
        long start,
        long body,
        long end,
        long lines,
        List<Part> children) {

    public Part {
        parameters = List.copyOf(parameters);
        fields = List.copyOf(fields);
        children = List.copyOf(children);
    }

    public boolean isMultipart() {
        return type.equalsIgnoreCase("multipart");
    }

    /** Whether it is a message in a message, which has been looked into. */
    public boolean isMessage() {
        return !isMultipart() && !children.isEmpty();
    }

    public boolean isText() {
        return type.equalsIgnoreCase("text");
    }

    /** Octets of its body. */
    public long octets() {
        return end - body;
    }

    /** The first field of that name, unfolded; empty when there is none. */
    public Optional<String> field(String name) {
        return fields.stream().filter(f -> f.is(name)).findFirst().map(HeaderField::unfolded);
    }

    /** The transfer encoding as written; {@code 7bit} when there is none (RFC 2045 6.1). */
    public String encoding() {
        String value = field("Content-Transfer-Encoding")
                .map(v -> FieldValue.parse(v).value())
                .orElse("");
        return value.isEmpty() ? "7bit" : value;
    }

    /** Its disposition with parameters, RFC 2183. */
    public Optional<FieldValue> disposition() {
        return field("Content-Disposition").map(FieldValue::parse);
    }

    /** A parameter of its type, in Unicode. */
    public Optional<String> parameter(String name) {
        return new FieldValue("", parameters).text(name);
    }

    /** Whether its type is that, {@code text/plain}. */
    public boolean is(String wanted) {
        return wanted.equals((type + "/" + subtype).toLowerCase(Locale.ROOT));
    }

    /** This part and all below it. */
    public int count() {
        return 1 + children.stream().mapToInt(Part::count).sum();
    }
}
