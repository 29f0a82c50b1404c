package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.posthorn.api.mail.HeaderField;
import org.posthorn.jmap.Json;
import org.posthorn.mime.ListUrls;
import org.posthorn.mime.MailAddress;
import org.posthorn.mime.MessageIds;
import org.posthorn.mime.SentDate;

/** The forms in which a field can be had, RFC 8621 4.1.2, and the fields of RFC 5322 and RFC 2369 that can be had in each; all others can be had in any. */
enum HeaderForm {
    RAW("Raw", "", "", HeaderForm::raw) {
        @Override
        boolean suits(String field) {
            return true;
        }
    },
    TEXT("Text", "subject comments keywords", "", HeaderForm::text),
    ADDRESSES("Addresses", HeaderForm.OF_ADDRESSES, ",:;", f -> EmailAddresses.flat(f.unfolded())),
    GROUPED_ADDRESSES("GroupedAddresses", HeaderForm.OF_ADDRESSES, ",:;", f -> EmailAddresses.grouped(f.unfolded())),
    MESSAGE_IDS("MessageIds", "message-id in-reply-to references resent-message-id", "<", HeaderForm::identifiers),
    DATE("Date", "date resent-date", "", HeaderForm::date),
    URLS("URLs", "list-help list-unsubscribe list-subscribe list-post list-owner list-archive", "<,", HeaderForm::urls);

    private static final String OF_ADDRESSES =
            "from sender reply-to to cc bcc resent-from resent-sender resent-reply-to resent-to resent-cc resent-bcc";

    /** RFC 3339 5.6. */
    private static final DateTimeFormatter MOMENT = new DateTimeFormatterBuilder()
            .appendPattern("uuuu-MM-dd'T'HH:mm:ss")
            .appendOffset("+HH:MM", "Z")
            .toFormatter(Locale.ROOT);

    private static final Set<String> DEFINED = names("date from sender reply-to to cc bcc message-id in-reply-to"
            + " references subject comments keywords resent-date resent-from resent-sender resent-reply-to resent-to resent-cc"
            + " resent-bcc resent-message-id return-path received list-help list-unsubscribe list-subscribe list-post"
            + " list-owner list-archive");

    private final String suffix;
    private final Set<String> own;
    private final String marks;
    private final Function<HeaderField, JsonNode> reading;

    /** @param marks of which there is one at least for each entry but one */
    HeaderForm(String name, String own, String marks, Function<HeaderField, JsonNode> reading) {
        this.suffix = "as" + name;
        this.own = names(own);
        this.marks = marks;
        this.reading = reading;
    }

    /** So many entries of one field are told at most, as {@link MailAddress#list} has it. */
    private static final int MOST_ENTRIES = 10_000;

    /** What an entry takes in memory beside its characters, in octets. */
    private static final int TEXT_SIZE = 100;

    private static final int ADDRESS_SIZE = 350;

    private static Set<String> names(String list) {
        return Set.of(list.split(" "));
    }

    /** The one that {@code asName} asks for. */
    static Optional<HeaderForm> named(String suffix) {
        return Arrays.stream(values()).filter(f -> f.suffix.equals(suffix)).findFirst();
    }

    /** Whether that field, in any case, can be had in this form. */
    boolean suits(String field) {
        String name = field.toLowerCase(Locale.ROOT);
        return own.contains(name) || !DEFINED.contains(name);
    }

    /** The field in this form; null in JSON where it is none. */
    JsonNode of(HeaderField field) {
        return reading.apply(field);
    }

    /** What it may take in memory in this form, in octets. */
    long cost(HeaderField field) {
        long entries =
                1 + field.value().chars().filter(c -> marks.indexOf(c) >= 0).count();
        int each = own.contains("from") ? ADDRESS_SIZE : TEXT_SIZE;
        return each * Math.min(entries, MOST_ENTRIES) + 2L * field.value().length();
    }

    /** As much of a field as has so many entries at most. */
    private static String bounded(String text) {
        int entries = 0;
        for (int i = 0; i < text.length(); i++)
            if (text.charAt(i) == '<' && ++entries > MOST_ENTRIES) return text.substring(0, i);
        return text;
    }

    private static JsonNode raw(HeaderField field) {
        return Json.NODES.textNode(MailText.raw(field.value()));
    }

    /** White space at the end is the sender's, RFC 8621 4.1.2.2. */
    private static JsonNode text(HeaderField field) {
        String unfolded = field.value().replace("\r\n", "").replace("\n", "");
        return Json.NODES.textNode(MailText.decoded(unfolded.stripLeading()));
    }

    private static JsonNode identifiers(HeaderField field) {
        return texts(MessageIds.all(bounded(field.unfolded())));
    }

    private static JsonNode urls(HeaderField field) {
        return texts(ListUrls.all(bounded(field.unfolded())));
    }

    private static JsonNode texts(List<String> octets) {
        if (octets.isEmpty()) return Json.NODES.nullNode();
        ArrayNode texts = Json.NODES.arrayNode();
        octets.forEach(o -> texts.add(MailText.raw(o)));
        return texts;
    }

    private static JsonNode date(HeaderField field) {
        return SentDate.written(field.unfolded())
                .<JsonNode>map(d -> Json.NODES.textNode(MOMENT.format(d)))
                .orElse(Json.NODES.nullNode());
    }
}
