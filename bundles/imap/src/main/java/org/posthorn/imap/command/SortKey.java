package org.posthorn.imap.command;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.posthorn.mime.Casemap;
import org.posthorn.mime.EncodedWords;
import org.posthorn.mime.MailAddress;

/** What messages can be sorted by, RFC 5256 3 and RFC 5957: octets whose order is the order of the messages. */
enum SortKey {
    ARRIVAL(message -> number(message.entry().internalDate().getEpochSecond())),
    CC(message -> mailbox(message, "Cc")),
    DATE(message -> number(message.sentTime().getEpochSecond())),
    DISPLAYFROM(message -> display(message, "From")),
    DISPLAYTO(message -> display(message, "To")),
    FROM(message -> mailbox(message, "From")),
    SIZE(message -> number(message.entry().size())),
    SUBJECT(SortKey::subject),
    TO(message -> mailbox(message, "To"));

    /** What it reads of a message. */
    @FunctionalInterface
    private interface Reading {
        byte[] of(Candidate message) throws IOException;
    }

    /** What keys have beyond that, in octets, does not count: those of all messages are in memory at once. */
    private static final int LONGEST_SUBJECT = 500;

    private static final int LONGEST = 250;

    private final Reading reading;

    SortKey(Reading reading) {
        this.reading = reading;
    }

    byte[] of(Candidate message) throws IOException {
        return reading.of(message);
    }

    private static byte[] number(long value) {
        return ByteBuffer.allocate(Long.BYTES).putLong(value ^ Long.MIN_VALUE).array();
    }

    private static byte[] subject(Candidate message) throws IOException {
        return Casemap.octets(message.subject().text(), LONGEST_SUBJECT);
    }

    private static byte[] mailbox(Candidate message, String field) throws IOException {
        return text(message.first(field).map(MailAddress::mailbox).orElse(""));
    }

    /** RFC 5957 3: the name that is shown, else the address. */
    private static byte[] display(Candidate message, String field) throws IOException {
        return text(message.first(field).map(SortKey::display).orElse(""));
    }

    private static String display(MailAddress address) {
        String name = address.host().isEmpty() ? address.mailbox() : address.name();
        return name.isEmpty() ? address.mailbox() + "@" + address.host() : EncodedWords.decode(name);
    }

    private static byte[] text(String text) {
        return Casemap.octets(text, LONGEST);
    }
}
