package org.posthorn.mime;

import java.util.Locale;
import java.util.Optional;
import org.posthorn.api.mail.HeaderField;

/** Fields of a header as a client is shown them that takes ASCII only, RFC 6858 2. */
final class SurrogateField {

    /** Nobody's, RFC 2606 2. */
    private static final String INVALID = "invalid@internationalized-address.invalid";

    private static final int LONGEST_LINE = 76;

    private SurrogateField() {}

    /**
     * A header's fields with what can be shown of each. Those in ASCII, and lines that are no field, stay as they are: RFC 6858 lets fields go, not text.
     *
     * @param growth how much longer the whole may become, in octets; fields for which that does not do are left out
     */
    static String all(String block, int growth) {
        StringBuilder shown = new StringBuilder();
        for (int from = 0; from < block.length(); ) {
            int end = HeaderBlock.fieldEnd(block, from);
            String raw = block.substring(from, end);
            String one = isAscii(raw)
                    ? raw
                    : HeaderBlock.field(raw).map(SurrogateField::shown).orElse(raw);
            if (shown.length() + one.length() <= end + growth) shown.append(one);
            from = end;
        }
        return shown.toString();
    }

    /** Empty when nothing of it can be shown. */
    private static String shown(HeaderField field) {
        return switch (field.name().toLowerCase(Locale.ROOT)) {
            case "subject" -> line(field, encoded(field.unfolded()));
            case "bcc",
                    "cc",
                    "from",
                    "reply-to",
                    "resent-bcc",
                    "resent-cc",
                    "resent-from",
                    "resent-sender",
                    "resent-to",
                    "return-path",
                    "sender",
                    "to" -> line(field, addresses(field));
            case "content-type", "content-disposition" -> parameters(field);
            default -> "";
        };
    }

    private static String line(HeaderField field, String text) {
        int fold = text.indexOf("\r\n");
        int first = field.name().length() + 2 + (fold < 0 ? text.length() : fold);
        return field.name() + (first > LONGEST_LINE ? ":\r\n " : ": ") + text + "\r\n";
    }

    private static String addresses(HeaderField field) {
        StringBuilder list = new StringBuilder();
        boolean another = false;
        for (MailAddress entry : MailAddress.list(field.value())) {
            boolean ends = entry.equals(MailAddress.GROUP_END);
            boolean begins = !ends && entry.host().isEmpty();
            if (another && !ends) list.append(",\r\n ");
            list.append(ends ? ";" : begins ? phrase(entry.mailbox()) + ": " : address(entry));
            another = !begins;
        }
        return list.toString();
    }

    private static String address(MailAddress entry) {
        String address = local(entry.mailbox()) + "@" + entry.host();
        boolean known = isAscii(address)
                && !entry.mailbox().equals(MailAddress.NO_MAILBOX)
                && !entry.host().equals(MailAddress.NO_HOST);
        if (!known) return phrase((entry.name() + " " + told(entry)).strip()) + " <" + INVALID + ">";
        return entry.name().isEmpty() ? address : phrase(entry.name()) + " <" + address + ">";
    }

    /** Of an address that is none, what there is of it. */
    private static String told(MailAddress entry) {
        if (entry.mailbox().equals(MailAddress.NO_MAILBOX)) return "";
        return entry.host().equals(MailAddress.NO_HOST) ? entry.mailbox() : entry.mailbox() + "@" + entry.host();
    }

    private static String local(String mailbox) {
        return mailbox.matches("[\\w!#$%&'*+/=?^`{|}~.-]+") ? mailbox : quoted(mailbox);
    }

    private static String phrase(String text) {
        if (text.matches("[\\w!#$%&'*+/=?^`{|}~ -]+")) return text;
        // An encoded word within quotes would be none, RFC 2047 5.
        return isAscii(text) && !text.contains("=?") ? quoted(text) : encoded(text);
    }

    private static String quoted(String text) {
        return '"' + text.replaceAll("\\p{Cntrl}+", " ").replaceAll("[\"\\\\]", "\\\\$0") + '"';
    }

    private static String encoded(String text) {
        return EncodedWords.encode(EncodedWords.decode(text)).replace(" ", "\r\n ");
    }

    private static String parameters(HeaderField field) {
        FieldValue value = FieldValue.parse(field.value());
        if (value.value().isEmpty() || !isAscii(value.value())) return "";
        StringBuilder list = new StringBuilder(value.value());
        for (FieldValue.Parameter parameter : value.parameters())
            parameter(parameter).ifPresent(list::append);
        return line(field, list.toString());
    }

    private static Optional<String> parameter(FieldValue.Parameter parameter) {
        if (!isAscii(parameter.name() + parameter.value())) return Optional.empty();
        boolean token = parameter.value().matches("[\\w!#$%&'*+^`{|}~.-]+");
        return Optional.of(";\r\n " + parameter.name() + "=" + (token ? parameter.value() : quoted(parameter.value())));
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 128);
    }
}
