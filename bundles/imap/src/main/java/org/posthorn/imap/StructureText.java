package org.posthorn.imap;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.posthorn.mime.FieldValue;
import org.posthorn.mime.FieldValue.Parameter;
import org.posthorn.mime.Part;

/** BODY and BODYSTRUCTURE, RFC 3501 7.4.2 and RFC 9051 7.5.2; where the RFC leaves a choice, as Dovecot chooses. */
public final class StructureText {

    private static final String CHARSET = "(\"charset\" \"us-ascii\")";

    private static final String NO_PARTS = "(\"text\" \"plain\" " + CHARSET + " NIL NIL \"7bit\" 0 0";

    private final StringBuilder out;
    private final boolean extended;
    private final Dialect dialect;

    private StructureText(StringBuilder out, boolean extended, Dialect dialect) {
        this.out = out;
        this.extended = extended;
        this.dialect = dialect;
    }

    /** @param extended whether it is BODYSTRUCTURE */
    public static void write(StringBuilder out, Part part, boolean extended, Dialect dialect) {
        new StructureText(out, extended, dialect).part(part);
    }

    private void part(Part part) {
        out.append('(');
        if (part.isMultipart()) multipart(part);
        else single(part);
        out.append(')');
    }

    private void multipart(Part part) {
        part.children().forEach(this::part);
        // The grammar demands at least one part.
        if (part.children().isEmpty()) out.append(NO_PARTS).append(extended ? " NIL NIL NIL NIL)" : ")");
        Text.string(out.append(' '), part.subtype());
        if (!extended) return;
        out.append(' ');
        parameters(part.parameters());
        extension(part);
    }

    private void single(Part part) {
        Text.string(out, part.type());
        Text.string(out.append(' '), part.subtype()).append(' ');
        typeParameters(part);
        text(part.field("Content-ID"));
        text(part.field("Content-Description"));
        Text.string(out.append(' '), part.encoding());
        out.append(' ').append(part.octets());
        boolean message = isMessage(part);
        if (message && part.isMessage()) {
            EnvelopeText.write(out.append(' '), part.children().get(0).fields(), dialect);
            out.append(' ');
            part(part.children().get(0));
        } else if (message) emptyMessage();
        if (part.isText() || message) out.append(' ').append(part.lines());
        if (!extended) return;
        text(part.field("Content-MD5"));
        extension(part);
    }

    /** An internationalised message is one only where RFC 9051 says so; before that it is a part as any other. */
    private boolean isMessage(Part part) {
        return part.is("message/rfc822") || dialect.isRev2() && part.is("message/global");
    }

    /** A message that was not looked into, because it lies too deep or is encoded. */
    private void emptyMessage() {
        EnvelopeText.write(out.append(' '), List.of(), dialect);
        out.append(' ').append(NO_PARTS).append(extended ? " NIL NIL NIL NIL)" : ")");
    }

    private void typeParameters(Part part) {
        boolean charset = part.parameters().stream().anyMatch(p -> p.name().equalsIgnoreCase("charset"));
        if (!part.isText() || charset) parameters(part.parameters());
        else if (part.parameters().isEmpty()) out.append(CHARSET);
        else {
            parameters(part.parameters());
            out.insert(out.length() - 1, ' ' + CHARSET.substring(1, CHARSET.length() - 1));
        }
    }

    private void parameters(List<Parameter> parameters) {
        if (parameters.isEmpty()) out.append("NIL");
        char before = '(';
        for (Parameter p : parameters) {
            dialect.string(out.append(before), p.name());
            dialect.string(out.append(' '), value(p));
            before = ' ';
        }
        if (!parameters.isEmpty()) out.append(')');
    }

    private String value(Parameter p) {
        return dialect.isRev2() && p.encoded() ? Utf8.octets(p.decoded()).replace("\0", "") : p.value();
    }

    /** Disposition, language, location. */
    private void extension(Part part) {
        Optional<FieldValue> disposition =
                part.disposition().filter(d -> !d.value().isEmpty());
        if (disposition.isEmpty()) out.append(" NIL");
        else {
            Text.string(out.append(" ("), disposition.get().value()).append(' ');
            parameters(disposition.get().parameters());
            out.append(')');
        }
        language(part.field("Content-Language").orElse(""));
        text(part.field("Content-Location"));
    }

    private void language(String field) {
        List<String> tags = Arrays.stream(field.split(","))
                .map(String::strip)
                .filter(t -> !t.isEmpty())
                .toList();
        if (tags.isEmpty()) out.append(" NIL");
        else if (tags.size() == 1) Text.string(out.append(' '), tags.get(0));
        else {
            out.append(" (");
            for (int i = 0; i < tags.size(); i++) Text.string(i == 0 ? out : out.append(' '), tags.get(i));
            out.append(')');
        }
    }

    private void text(Optional<String> field) {
        dialect.nstring(out.append(' '), field.orElse("").replace("\r", "").replace("\0", ""));
    }
}
