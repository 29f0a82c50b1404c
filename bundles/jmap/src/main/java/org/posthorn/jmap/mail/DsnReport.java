package org.posthorn.jmap.mail;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.HeaderField;
import org.posthorn.mime.HeaderBlock;
import org.posthorn.mime.Octets;
import org.posthorn.mime.Part;
import org.posthorn.mime.TransferDecoding;

/**
 * A message that tells how another was delivered, RFC 3464. Of one that is long its beginning is read.
 *
 * @param envelopeId which message that was, as its sender called it; empty when it does not say
 * @param fates what it tells of recipients
 */
record DsnReport(Optional<String> envelopeId, List<Fate> fates) {

    /** Octets of the fields for machines. */
    private static final int LONGEST = 1 << 18;

    /** Characters of what another server is said to have said. */
    private static final int LONGEST_REPLY = 500;

    private static final int MOST_FATES = 1_000;

    /** A reply with more lines than one: its code, its status and what comes behind them. */
    private static final Pattern LINES = Pattern.compile("(?s)([245][0-9][0-9])-((?:[245](?:\\.[0-9]{1,3}){2} )?)(.*)");

    /**
     * What became of one recipient.
     *
     * @param addresses as the sender had written him and where it went in the end, folded
     * @param action as {@code failed}, in lower case
     * @param reply what was said last, as a reply of SMTP
     */
    record Fate(Set<Address> addresses, String action, String reply) {}

    /** Empty when it is none. */
    static Optional<DsnReport> of(ReadEmail email) throws IOException {
        Part body = email.structure();
        if (!body.is("multipart/report") || body.children().size() < 2) return Optional.empty();
        Part part = body.children().get(1);
        if (!part.is("message/delivery-status") && !part.is("message/global-delivery-status")) return Optional.empty();
        List<List<HeaderField>> groups = groups(email, part);
        if (groups.isEmpty()) return Optional.empty();
        List<Fate> fates = groups.stream().skip(1).map(DsnReport::fate).toList();
        return Optional.of(new DsnReport(text(groups.get(0), "Original-Envelope-Id"), fates));
    }

    /** One of the message, and one of each recipient, RFC 3464 2.1. */
    private static List<List<HeaderField>> groups(ReadEmail email, Part part) throws IOException {
        String all;
        try (InputStream in =
                Octets.of(email.message(), part.body(), part.octets()).open()) {
            all = new String(TransferDecoding.of(in, part.encoding()).readNBytes(LONGEST), StandardCharsets.ISO_8859_1);
        }
        List<List<HeaderField>> groups = new ArrayList<>();
        for (String group : all.split("\r?\n\r?\n", MOST_FATES)) {
            byte[] octets = group.getBytes(StandardCharsets.ISO_8859_1);
            List<HeaderField> fields = HeaderBlock.read(new ByteArrayInputStream(octets));
            if (!fields.isEmpty()) groups.add(fields);
        }
        return groups;
    }

    private static Optional<String> text(List<HeaderField> fields, String name) {
        return fields.stream().filter(f -> f.is(name)).findFirst().map(f -> MailText.raw(f.unfolded())
                .strip());
    }

    private static Fate fate(List<HeaderField> fields) {
        Set<Address> addresses = Stream.of("Original-Recipient", "Final-Recipient")
                .flatMap(name -> text(fields, name).stream())
                .flatMap(value -> address(value).stream())
                .collect(Collectors.toSet());
        String action = text(fields, "Action").orElse("").toLowerCase(Locale.ROOT);
        return new Fate(addresses, action, reply(fields, action));
    }

    /** Out of a type and an address, RFC 3464 2.3.1. */
    static Optional<Address> address(String typed) {
        return Address.parse(typed.substring(typed.indexOf(';') + 1).strip()).map(Address::folded);
    }

    /** What an SMTP server said; where none did, what the status amounts to, in the form that RFC 8621 7 has for it. */
    private static String reply(List<HeaderField> fields, String action) {
        String said = text(fields, "Diagnostic-Code").orElse("");
        String words = said.substring(said.indexOf(';') + 1).strip();
        if (words.matches("(?s)[245][0-9][0-9][ -].*")) return MailText.sound(cut(joined(words)));
        String status = text(fields, "Status")
                .filter(s -> s.matches("[245](\\.[0-9]{1,3}){2}"))
                .orElse("");
        boolean failed = action.equals("failed");
        String fitting = status.isEmpty() ? failed ? "5.0.0" : "2.0.0" : status;
        return (failed ? "550 " : "250 ") + fitting + " reported as " + (failed ? "failed" : "delivered");
    }

    /** Its lines in one, each without what the first begins with, RFC 8621 7. */
    private static String joined(String words) {
        Matcher first = LINES.matcher(words);
        if (!first.matches()) return words;
        String next = "\\s" + first.group(1) + "[ -](?:" + Pattern.quote(first.group(2)) + ")?";
        return first.group(1) + " " + first.group(2) + first.group(3).replaceAll(next, " ");
    }

    private static String cut(String words) {
        return words.substring(0, Math.min(LONGEST_REPLY, words.length()));
    }
}
