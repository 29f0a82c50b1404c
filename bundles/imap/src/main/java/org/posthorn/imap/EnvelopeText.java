package org.posthorn.imap;

import java.util.List;
import java.util.Optional;
import org.posthorn.api.mail.HeaderField;
import org.posthorn.mime.MailAddress;

/** ENVELOPE, RFC 3501 7.4.2 and RFC 9051 7.5.2. */
public final class EnvelopeText {

    private final StringBuilder out;
    private final Dialect dialect;

    private EnvelopeText(StringBuilder out, Dialect dialect) {
        this.out = out;
        this.dialect = dialect;
    }

    /** Of these fields, whatever else is among them. */
    public static void write(StringBuilder out, List<HeaderField> fields, Dialect dialect) {
        new EnvelopeText(out, dialect).fields(fields);
    }

    private void fields(List<HeaderField> fields) {
        text('(', first(fields, "Date"));
        subject(first(fields, "Subject"));
        Optional<HeaderField> from = first(fields, "From");
        addresses(from);
        // An empty Sender is no sender: RFC 3501 has From stand for both.
        addresses(filled(first(fields, "Sender")).or(() -> from));
        addresses(filled(first(fields, "Reply-To")).or(() -> from));
        addresses(first(fields, "To"));
        addresses(first(fields, "Cc"));
        addresses(first(fields, "Bcc"));
        text(' ', first(fields, "In-Reply-To"));
        text(' ', first(fields, "Message-ID"));
        out.append(')');
    }

    private static Optional<HeaderField> first(List<HeaderField> fields, String name) {
        for (HeaderField f : fields) if (f.is(name)) return Optional.of(f);
        return Optional.empty();
    }

    private static Optional<HeaderField> filled(Optional<HeaderField> field) {
        return field.filter(f -> !f.value().isBlank());
    }

    private void subject(Optional<HeaderField> field) {
        out.append(' ');
        if (field.isEmpty()) out.append("NIL");
        else dialect.words(out, oneLine(field.get().unfolded()));
    }

    private void text(char before, Optional<HeaderField> field) {
        out.append(before);
        if (field.isEmpty()) out.append("NIL");
        else dialect.string(out, oneLine(field.get().unfolded()));
    }

    /** Without what a string on one line cannot hold. */
    private static String oneLine(String text) {
        return text.indexOf('\r') < 0 && text.indexOf(0) < 0
                ? text
                : text.replace("\r", "").replace("\0", "");
    }

    private void addresses(Optional<HeaderField> field) {
        List<MailAddress> list = field.map(f -> MailAddress.list(f.unfolded())).orElse(List.of());
        out.append(' ');
        if (list.isEmpty()) out.append("NIL");
        else {
            out.append('(');
            list.forEach(this::address);
            out.append(')');
        }
    }

    private void address(MailAddress a) {
        words('(', a.name());
        dialect.nstring(out.append(' '), oneLine(a.route()));
        // Of a group, this is its name. Of an address it has no form but its own, even where it is not ASCII.
        if (a.host().isEmpty()) words(' ', a.mailbox());
        else dialect.nstring(out.append(' '), oneLine(a.mailbox()));
        dialect.nstring(out.append(' '), oneLine(a.host())).append(')');
    }

    private void words(char before, String text) {
        out.append(before);
        if (text.isEmpty()) out.append("NIL");
        else dialect.words(out, oneLine(text));
    }
}
