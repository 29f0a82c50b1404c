package org.posthorn.intake;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.posthorn.api.filter.Finding;
import org.posthorn.api.mail.HeaderField;
import org.posthorn.api.mail.Message;

/** The field in which this server tells what its filters found, RFC 8601 2.2. */
final class AuthenticationResults {

    private static final String TOKEN_SPECIALS = "!#$%&'*+-.^_`{|}~@/";

    private AuthenticationResults() {}

    static HeaderField of(String server, List<Finding> findings) {
        StringBuilder value = new StringBuilder(" ").append(server);
        for (Finding finding : findings) {
            value.append(";\r\n\t").append(word(finding.method())).append('=').append(word(finding.result()));
            if (!finding.reason().isEmpty()) value.append(" reason=").append(quoted(finding.reason()));
            finding.properties().entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .forEach(p -> value.append("\r\n\t ")
                            .append(word(p.getKey()))
                            .append('=')
                            .append(value(p.getValue())));
        }
        return new HeaderField("Authentication-Results", value.toString());
    }

    /** The message with these fields in front, and with what was found, if anything was, behind them. */
    static Message before(Message message, String server, List<Finding> found, List<HeaderField> fields) {
        List<HeaderField> front = new ArrayList<>(fields);
        if (!found.isEmpty()) front.add(of(server, found));
        return front.isEmpty() ? message : message.withTrace(front);
    }

    private static String word(String text) {
        return text.replaceAll("[^A-Za-z0-9._-]", "-");
    }

    private static String value(String text) {
        boolean token = !text.isEmpty() && text.chars().allMatch(AuthenticationResults::tokenCharacter);
        return token ? text : quoted(text);
    }

    private static boolean tokenCharacter(int c) {
        return c < 128 && (Character.isLetterOrDigit(c) || TOKEN_SPECIALS.indexOf(c) >= 0);
    }

    private static String quoted(String text) {
        String octets = TraceFields.octets(text).replaceAll("[\\x00-\\x1f\\x7f]", " ");
        return '"' + octets.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /**
     * Whether a field with that text behind its name claims to be of that server. One that is too odd to tell, with nothing in front of
     * its first semicolon, does.
     */
    static boolean claims(String text, String server) {
        StringBuilder id = new StringBuilder();
        int comment = 0;
        for (int i = text.indexOf(':') + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') i++;
            else if (c == '(') comment++;
            else if (c == ')' && comment > 0) comment--;
            else if (comment == 0 && c == ';') break;
            else if (comment == 0 && c > ' ' && c != '"') id.append(c);
        }
        String claimed = id.toString().toLowerCase(Locale.ROOT);
        // A version may stand behind the name, with or without white space that a reader minds.
        return claimed.isEmpty() || claimed.startsWith(server.toLowerCase(Locale.ROOT));
    }
}
