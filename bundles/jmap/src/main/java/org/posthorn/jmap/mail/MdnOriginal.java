package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.HeaderField;
import org.posthorn.jmap.Refusal;
import org.posthorn.jmap.SetError;
import org.posthorn.mime.FieldValue;

/** The header of a message whose sender wants to know what became of it, RFC 8098 2. */
record MdnOriginal(List<HeaderField> header) {

    private static final String WANTED = "Disposition-Notification-To";

    /** More than one line of a report has. */
    private static final int LONGEST = 900;

    /** The value of the one field of that name, as a line of Unicode; empty when there are several, or it is too long. */
    Optional<String> field(String name) {
        List<HeaderField> all = header.stream().filter(f -> f.is(name)).toList();
        return all.size() == 1
                ? Optional.of(MailText.raw(all.get(0).unfolded()).replaceAll("\\p{Cntrl}", " "))
                        .filter(v -> !v.isEmpty() && v.length() <= LONGEST)
                : Optional.empty();
    }

    /** With its brackets. */
    Optional<String> messageId() {
        return field("Message-ID").filter(id -> id.matches("<[^<>\\s]+>"));
    }

    /** As its sender wrote it, if something on the way has noted that, RFC 8098 2.3. */
    Optional<String> originalRecipient() {
        return field("Original-Recipient").filter(r -> r.matches("[A-Za-z0-9-]+\\s*;.+"));
    }

    /** Whom to tell. @throws Refusal when nobody wants to know, RFC 9007 2.1 */
    List<Address> recipients() throws Refusal {
        Map<Address, Address> all = new LinkedHashMap<>();
        Optional<HeaderField> wanted =
                header.stream().filter(f -> f.is(WANTED)).reduce((a, b) -> new HeaderField(WANTED, ""));
        for (JsonNode one :
                EmailAddresses.flat(wanted.map(HeaderField::unfolded).orElse(""))) {
            Optional<Address> address = Address.parse(one.path("email").asText());
            if (address.isEmpty()) throw nobody();
            all.putIfAbsent(address.get().folded(), address.get());
        }
        if (all.isEmpty()) throw nobody();
        return List.copyOf(all.values());
    }

    private static Refusal nobody() {
        return new Refusal(SetError.of("notFound", "It has no valid field " + WANTED));
    }

    /** Whether it is told of itself what became of another, which nobody answers, RFC 8098 3. */
    boolean isNotification() {
        FieldValue type = FieldValue.parse(field("Content-Type").orElse(""));
        return type.value().equalsIgnoreCase("multipart/report")
                && type.parameter("report-type").orElse("").equalsIgnoreCase("disposition-notification");
    }

    /** Whether a program may tell of it: not when it may be others who are told than who has sent it, RFC 8098 2.1. */
    boolean toItsSender(List<Address> recipients) {
        String sender = field("Return-Path").orElse("").replaceAll("^<|>$", "");
        Optional<Address> path = Address.parse(sender).map(Address::folded);
        return recipients.size() == 1
                && path.equals(Optional.of(recipients.get(0).folded()));
    }
}
