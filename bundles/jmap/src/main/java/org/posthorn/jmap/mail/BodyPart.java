package org.posthorn.jmap.mail;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.posthorn.mime.FieldValue;
import org.posthorn.mime.MessageIds;
import org.posthorn.mime.Part;

/**
 * A part of an Email, RFC 8621 4.1.4. There are no parts below a message in the message.
 *
 * @param partId its place as IMAP numbers it, RFC 3501 6.4.5, with low lines for dots: 1_2; empty for a multipart
 */
record BodyPart(Part part, String partId, List<BodyPart> subParts) {

    /** The structure of a message. */
    static BodyPart of(Part message) {
        return message.isMultipart() ? multipart(message, "") : new BodyPart(message, "1", List.of());
    }

    private static BodyPart multipart(Part part, String above) {
        List<BodyPart> below = new ArrayList<>();
        for (Part child : part.children()) {
            String place = above + (below.size() + 1);
            below.add(child.isMultipart() ? multipart(child, place + "_") : new BodyPart(child, place, List.of()));
        }
        return new BodyPart(part, "", List.copyOf(below));
    }

    boolean isMultipart() {
        return part.isMultipart();
    }

    boolean isText() {
        return part.isText();
    }

    /** {@code image/png}, in lower case. */
    String type() {
        return (part.type() + "/" + part.subtype()).toLowerCase(Locale.ROOT);
    }

    /** In lower case. */
    Optional<String> disposition() {
        return part.disposition().map(d -> d.value().toLowerCase(Locale.ROOT)).filter(d -> !d.isEmpty());
    }

    /** What its file is called, RFC 2231 or RFC 2047. */
    Optional<String> name() {
        return part.disposition()
                .flatMap(d -> d.text("filename"))
                .or(() -> part.parameter("name"))
                .map(MailText::sound);
    }

    /** The character set that is named, or {@code us-ascii} where one would be. */
    Optional<String> charset() {
        Optional<String> named = part.parameter("charset").map(MailText::sound);
        boolean implied = isText() || part.field("Content-Type").isEmpty();
        return named.isEmpty() && implied ? Optional.of("us-ascii") : named;
    }

    /** Without angle brackets and comments. */
    Optional<String> cid() {
        return part.field("Content-Id")
                .map(f -> MessageIds.all(f).stream().findFirst().orElse(f))
                .map(MailText::raw);
    }

    /** The tags in Content-Language, RFC 3282. */
    List<String> language() {
        return part.field("Content-Language").stream()
                .flatMap(f -> Stream.of(f.split(",")))
                .map(t -> FieldValue.parse(t).value())
                .filter(t -> !t.isEmpty())
                .toList();
    }

    /** The URI in Content-Location, RFC 2557, which may have been folded. */
    Optional<String> location() {
        return part.field("Content-Location").map(f -> MailText.raw(f.replaceAll("\\s+", "")));
    }

    /** It and all parts below it that are no multipart. */
    Stream<BodyPart> leaves() {
        return isMultipart() ? subParts.stream().flatMap(BodyPart::leaves) : Stream.of(this);
    }
}
