package org.posthorn.intake;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.posthorn.api.mail.HeaderField;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.Origin;
import org.posthorn.api.mail.Recipient;

/** The fields that this server adds in front of a mail. */
final class TraceFields {

    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss xx", Locale.US);

    private final ZoneId zone;

    TraceFields(ZoneId zone) {
        this.zone = zone;
    }

    /** A Received field, RFC 5321 4.4. The recipient is named when it is the only one: others must not learn of each other. */
    HeaderField received(MailId id, Instant now, Origin origin, List<Recipient> recipients) {
        StringBuilder value = new StringBuilder(192);
        if (origin.client().getPort() == 0) value.append(' ');
        else from(value, origin);
        value.append("by ").append(clean(origin.server())).append(" with ").append(origin.protocol());
        origin.tls().ifPresent(tls -> value.append(" (").append(clean(tls)).append(')'));
        value.append("\r\n\tid ").append(id);
        if (recipients.size() == 1)
            value.append(" for <")
                    .append(octets(recipients.get(0).address().toString()))
                    .append('>');
        value.append(";\r\n\t").append(date(now));
        return new HeaderField("Received", value.toString());
    }

    private static void from(StringBuilder value, Origin origin) {
        String helo = clean(origin.helo());
        value.append(" from ").append(helo.isEmpty() ? "unknown" : helo);
        value.append(" (").append(literal(origin.client().getAddress())).append(")\r\n\t");
    }

    /** What a submission server adds when the client did not, RFC 6409 8. */
    List<HeaderField> missing(MailId id, Instant now, Origin origin, boolean date, boolean messageId) {
        List<HeaderField> fields = new ArrayList<>();
        if (!date) fields.add(new HeaderField("Date", " " + date(now)));
        if (!messageId) fields.add(new HeaderField("Message-ID", " " + messageId(id, origin)));
        return fields;
    }

    /** The one that a mail gets from us. */
    static String messageId(MailId id, Origin origin) {
        return "<" + id + "@" + clean(origin.server()) + ">";
    }

    private String date(Instant now) {
        return DATE.format(now.atZone(zone));
    }

    /** An address literal, RFC 5321 4.1.3. */
    static String literal(InetAddress address) {
        if (address == null) return "[unknown]";
        String text = address.getHostAddress();
        int scope = text.indexOf('%');
        String plain = scope < 0 ? text : text.substring(0, scope);
        return address instanceof Inet6Address ? "[IPv6:" + plain + "]" : "[" + plain + "]";
    }

    /** Takes out what could end the field, the clause or a comment. */
    static String clean(String text) {
        StringBuilder clean = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean sound = c > ' ' && c < 127 && "()<>;\\\"".indexOf(c) < 0 || c == ' ';
            if (sound) continue;
            if (clean == null) clean = new StringBuilder(text);
            clean.setCharAt(i, '?');
        }
        return clean == null ? text : clean.toString();
    }

    /** Text as characters that stand for its octets in UTF-8, as fields have them. */
    static String octets(String text) {
        for (int i = 0; i < text.length(); i++)
            if (text.charAt(i) > 127)
                return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        return text;
    }
}
