package org.posthorn.imap;

import java.util.List;
import java.util.Optional;
import org.posthorn.api.mail.HeaderField;
import org.posthorn.mime.MailAddress;

/** ENVELOPE, RFC 3501 7.4.2. */
public final class EnvelopeText {

    private EnvelopeText() {}

    /** Of these fields, whatever else is among them. */
    public static void write(StringBuilder out, List<HeaderField> fields) {
        out.append('(');
        text(out, first(fields, "Date"));
        text(out.append(' '), first(fields, "Subject"));
        Optional<HeaderField> from = first(fields, "From");
        addresses(out.append(' '), from);
        // An empty Sender is no sender: RFC 3501 has From stand for both.
        addresses(out.append(' '), filled(first(fields, "Sender")).or(() -> from));
        addresses(out.append(' '), filled(first(fields, "Reply-To")).or(() -> from));
        addresses(out.append(' '), first(fields, "To"));
        addresses(out.append(' '), first(fields, "Cc"));
        addresses(out.append(' '), first(fields, "Bcc"));
        text(out.append(' '), first(fields, "In-Reply-To"));
        text(out.append(' '), first(fields, "Message-ID"));
        out.append(')');
    }

    private static Optional<HeaderField> first(List<HeaderField> fields, String name) {
        for (HeaderField f : fields) if (f.is(name)) return Optional.of(f);
        return Optional.empty();
    }

    private static Optional<HeaderField> filled(Optional<HeaderField> field) {
        return field.filter(f -> !f.value().isBlank());
    }

    private static void text(StringBuilder out, Optional<HeaderField> field) {
        if (field.isEmpty()) out.append("NIL");
        else Text.string(out, oneLine(field.get().unfolded()));
    }

    /** Without what a string on one line cannot hold. */
    private static String oneLine(String text) {
        return text.indexOf('\r') < 0 && text.indexOf(0) < 0
                ? text
                : text.replace("\r", "").replace("\0", "");
    }

    private static void addresses(StringBuilder out, Optional<HeaderField> field) {
        List<MailAddress> list = field.map(f -> MailAddress.list(f.unfolded())).orElse(List.of());
        if (list.isEmpty()) out.append("NIL");
        else {
            out.append('(');
            list.forEach(a -> address(out, a));
            out.append(')');
        }
    }

    private static void address(StringBuilder out, MailAddress a) {
        Text.nstring(out.append('('), oneLine(a.name()));
        Text.nstring(out.append(' '), oneLine(a.route()));
        Text.nstring(out.append(' '), oneLine(a.mailbox()));
        Text.nstring(out.append(' '), oneLine(a.host())).append(')');
    }
}
