package org.posthorn.imap.command;

import java.util.Arrays;
import java.util.stream.Collectors;

/** What may happen to a mailbox, or to the server, RFC 5465 5. */
enum Event {
    MESSAGE_NEW("MessageNew"),
    MESSAGE_EXPUNGE("MessageExpunge"),
    FLAG_CHANGE("FlagChange"),
    MAILBOX_NAME("MailboxName"),
    SUBSCRIPTION_CHANGE("SubscriptionChange"),
    MAILBOX_METADATA_CHANGE("MailboxMetadataChange"),
    SERVER_METADATA_CHANGE("ServerMetadataChange"),
    /** Anything else: AnnotationChange too, since messages have no annotations here. */
    UNSUPPORTED("");

    private final String word;

    Event(String word) {
        this.word = word;
    }

    static Event of(String atom) {
        return Arrays.stream(values())
                .filter(e -> e.word.equalsIgnoreCase(atom))
                .findFirst()
                .orElse(UNSUPPORTED);
    }

    /** Whether it happens to messages: the selected mailbox knows no other. */
    boolean ofMessages() {
        return compareTo(FLAG_CHANGE) <= 0;
    }

    /** The names of all that can be asked for, with spaces between. */
    static String supported() {
        return Arrays.stream(values())
                .filter(e -> e != UNSUPPORTED)
                .map(e -> e.word)
                .collect(Collectors.joining(" "));
    }
}
