package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.posthorn.jmap.Refusal;
import org.posthorn.mime.EncodedWords;

/** Fields of a header as they are written, from the forms in which JMAP has them: RFC 8621 4.1.2 the other way. Octets, as characters. */
final class FieldText {

    private static final int LONGEST_LINE = 76;

    /** What cannot be folded is no longer, in octets: no line has more than 998, RFC 5322 2.1.1. */
    private static final int LONGEST_WORD = 900;

    private static final int MOST_IN_LINE = 998;

    /** RFC 5322 3.3. */
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, d MMM uuuu HH:mm:ss xx", Locale.ENGLISH);

    private final String name;
    private final String property;

    private FieldText(String name, String property) {
        this.name = name;
        this.property = property;
    }

    /** The field with its line end. @param property what a client calls it @throws Refusal when the value is none of that form */
    static String of(String name, String property, HeaderForm form, JsonNode value) throws Refusal {
        FieldText field = new FieldText(name, property);
        if (name.length() > LONGEST_WORD) throw field.wrong("has a name that is too long");
        return switch (form) {
            case RAW -> field.raw(field.text(value));
            case TEXT -> field.lines(words(field.text(value)));
            case ADDRESSES -> field.list(String.join(",\n", field.addresses(value)));
            case GROUPED_ADDRESSES -> field.list(String.join(",\n", field.groups(value)));
            case MESSAGE_IDS -> field.list(field.bracketed(value, "\n"));
            case URLS -> field.list(field.bracketed(value, ",\n"));
            case DATE -> field.lines(field.date(value));
        };
    }

    /** A field of parts between which a line may end. */
    static String folded(String name, String... parts) {
        return new FieldText(name, name).lines(parts);
    }

    /** No field when there is nothing in it. @param parts with LF between two */
    private String list(String parts) {
        return parts.isEmpty() ? "" : lines(parts.split("\n"));
    }

    private String lines(String... parts) {
        StringBuilder field = new StringBuilder(name).append(':');
        int line = field.length();
        for (String part : parts) {
            boolean fits = line + 1 + part.length() <= LONGEST_LINE || line == 1;
            if (!fits) field.append("\r\n");
            field.append(' ').append(part);
            line = fits ? line + 1 + part.length() : 1 + part.length();
        }
        return field.append("\r\n").toString();
    }

    private Refusal wrong(String why) {
        return Refusal.of(property, "The field " + name + " " + why);
    }

    private String text(JsonNode value) throws Refusal {
        if (!value.isTextual()) throw wrong("is no string");
        return value.textValue();
    }

    /** Line ends are folds or nothing: who sets one field must not set another. */
    private String raw(String text) throws Refusal {
        String octets = octets(text.replace("\r\n", "\n").replace("\n", "\r\n"));
        boolean sound = octets.matches("(?s)(?:[^\\r\\n\\x00]|\\r\\n(?=[ \\t]+[^ \\t\\r\\n]))*+");
        if (!sound) throw wrong("has a line end that is no fold");
        if ((name + ":" + octets).lines().anyMatch(l -> l.length() > MOST_IN_LINE))
            throw wrong("has a line that is too long");
        return name + ":" + octets + "\r\n";
    }

    /** Characters that stand for the octets of UTF-8. */
    private static String octets(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static String[] words(String text) {
        String line = text.replaceAll("[\\r\\n\\t]+|\\p{Cntrl}", " ").strip();
        // Two blanks stay two: there no line ends.
        String[] words = line.split("(?<! ) (?! )");
        boolean plain = isAscii(line)
                && !line.contains("=?")
                && List.of(words).stream().allMatch(w -> w.length() <= LONGEST_WORD);
        return plain ? words : EncodedWords.encode(line).split(" ");
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 128);
    }

    private List<String> addresses(JsonNode value) throws Refusal {
        if (!value.isArray()) throw wrong("is no list of addresses");
        List<String> list = new ArrayList<>();
        for (JsonNode address : value) list.add(address(address));
        return list;
    }

    private String address(JsonNode address) throws Refusal {
        JsonNode email = address.path("email");
        Optional<String> display = name(address, "email");
        boolean named = display.filter(text -> !text.isBlank()).isPresent();
        if (!email.isTextual()) throw wrong("has an address that is none");
        if (email.textValue().chars().anyMatch(Character::isISOControl))
            throw wrong("has an address with control characters");
        String spec = octets(email.textValue().replaceAll("[<>]+", " ").strip());
        if (!isOne(spec)) throw wrong("has an address that is none or several");
        return named ? phrase(display.get()) + " <" + spec + ">" : spec;
    }

    /** That of an address or a group. @param beside what else it has */
    private Optional<String> name(JsonNode json, String beside) throws Refusal {
        JsonNode name = json.path("name");
        boolean sound = name.isTextual() || name.isNull() || name.isMissingNode();
        for (Map.Entry<String, JsonNode> member : json.properties())
            sound &= member.getKey().equals("name") || member.getKey().equals(beside);
        if (!sound) throw wrong("has one that is not just a name and " + beside);
        return Optional.ofNullable(name.textValue());
    }

    /** No second address begins outside of quotes. */
    private static boolean isOne(String spec) {
        boolean quoted = false;
        for (int i = 0; i < spec.length(); i++) {
            char c = spec.charAt(i);
            if (c == '"') quoted = !quoted;
            else if (quoted && c == '\\') i++;
            else if (!quoted && (c == ',' || c == ';')) return false;
        }
        return !quoted && spec.length() <= LONGEST_WORD;
    }

    private List<String> groups(JsonNode value) throws Refusal {
        if (!value.isArray()) throw wrong("is no list of groups");
        List<String> list = new ArrayList<>();
        for (JsonNode group : value) {
            String members = String.join(",\n", addresses(group.path("addresses")));
            Optional<String> named = name(group, "addresses");
            if (named.isPresent()) list.add(phrase(named.get()) + ":\n" + members + ";");
            else if (!members.isEmpty()) list.add(members);
        }
        return list;
    }

    private static String phrase(String text) {
        String line = text.replaceAll("\\p{Cntrl}+", " ").strip();
        boolean brief = line.length() <= LONGEST_WORD / 2 && !line.contains("=?");
        if (brief && line.matches("[\\w!#$%&'*+/=?^`{|}~ -]+")) return line;
        // An encoded word within quotes would be none, RFC 2047 5.
        return brief && isAscii(line) ? quoted(line) : EncodedWords.encode(line).replace(" ", "\n");
    }

    static String quoted(String text) {
        return '"' + text.replaceAll("[\"\\\\]", "\\\\$0") + '"';
    }

    private String bracketed(JsonNode value, String between) throws Refusal {
        if (!value.isArray()) throw wrong("is no list");
        List<String> list = new ArrayList<>();
        for (JsonNode item : value) {
            String octets = octets(text(item));
            if (octets.length() > LONGEST_WORD || !octets.matches("[^\\x00-\\x20\\x7F<>]+"))
                throw wrong("has an item with blanks or brackets");
            list.add("<" + octets + ">");
        }
        return String.join(between, list);
    }

    private String date(JsonNode value) throws Refusal {
        return Values.date(text(value)).map(FieldText::date).orElseThrow(() -> wrong("is no date"));
    }

    static String date(OffsetDateTime date) {
        return DATE.format(date);
    }
}
