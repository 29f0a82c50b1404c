package org.posthorn.jmap.mail;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.posthorn.jmap.MethodFault;

/**
 * What is wanted of Emails, RFC 8621 4.2.
 *
 * @param properties of each Email
 * @param bodyProperties of each of its parts
 * @param texts those whose values come with it
 * @param most octets of UTF-8 that a text may have
 */
record EmailView(List<String> properties, List<String> bodyProperties, Set<Texts> texts, int most) {

    /** The texts that come with it. */
    enum Texts {
        TEXT,
        HTML,
        ALL
    }

    /** What Email/get tells when nothing else is asked for. */
    static final List<String> USUAL = List.of(
            "id",
            "blobId",
            "threadId",
            "mailboxIds",
            "keywords",
            "size",
            "receivedAt",
            "messageId",
            "inReplyTo",
            "references",
            "sender",
            "from",
            "to",
            "cc",
            "bcc",
            "replyTo",
            "subject",
            "sentAt",
            "hasAttachment",
            "preview",
            "bodyValues",
            "textBody",
            "htmlBody",
            "attachments");

    /** What Email/parse does. */
    static final List<String> USUAL_PARSED = USUAL.subList(USUAL.indexOf("messageId"), USUAL.size());

    private static final int MOST_PROPERTIES = 500;

    private static final Set<String> MORE = Set.of("headers", "bodyStructure");

    /** @throws MethodFault when there is no such property, or a field is wanted in a form that does not suit it */
    static EmailView of(
            List<String> properties, Optional<List<String>> bodyProperties, Set<Texts> texts, long maxBodyValueBytes)
            throws MethodFault {
        if (Math.max(properties.size(), bodyProperties.orElse(List.of()).size()) > MOST_PROPERTIES)
            throw MethodFault.invalid("More properties than " + MOST_PROPERTIES + " are not told");
        for (String property : properties)
            if (!knows(property)) throw MethodFault.invalid("An Email has no property " + property);
        List<String> ofParts = bodyProperties.orElse(BodyPartJson.USUAL);
        for (String property : ofParts)
            if (!BodyPartJson.knows(property)) throw MethodFault.invalid("A part has no property " + property);
        long most = maxBodyValueBytes == 0 ? BodyValue.LONGEST : Math.min(maxBodyValueBytes, BodyValue.LONGEST);
        return new EmailView(each(properties), each(ofParts), texts, (int) most);
    }

    private static boolean knows(String property) {
        return USUAL.contains(property)
                || MORE.contains(property)
                || HeaderProperty.parse(property).isPresent();
    }

    private static List<String> each(List<String> names) {
        return List.copyOf(new LinkedHashSet<>(names));
    }
}
