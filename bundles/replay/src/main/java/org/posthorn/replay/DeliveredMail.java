package org.posthorn.replay;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Envelope;
import org.posthorn.api.mail.HeaderField;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.MailParameters;
import org.posthorn.api.mail.Message;
import org.posthorn.api.mail.Origin;
import org.posthorn.api.mail.Recipient;
import org.posthorn.mime.Octets;
import org.posthorn.mime.StoredMessage;

/**
 * A mail on the shelf as it came in, read off the fields that this server put on top: Return-Path, Delivered-To, and the first Received. What stands below
 * was written by others, and is not believed.
 *
 * @param mail its message begins with that Received field, as filters see it
 * @param findings what filters found then, method to result, as Authentication-Results tells
 */
record DeliveredMail(Mail mail, Map<String, String> findings) {

    private static final Pattern QUOTED = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"");
    private static final Pattern RESULT = Pattern.compile(";\\s*([A-Za-z0-9._-]{1,64})=([A-Za-z0-9._-]{1,64})");

    /** Empty for a message that did not come through this server's door: a copy of a client's, or mail of its own. */
    static Optional<DeliveredMail> of(Message message, Instant arrived) throws IOException {
        List<HeaderField> header = message.header();
        if (header.size() < 3
                || !header.get(0).is("Return-Path")
                || !header.get(1).is("Delivered-To")) return Optional.empty();
        int received = 2;
        while (received < header.size() && !header.get(received).is("Received")) received++;
        if (received == header.size()) return Optional.empty();
        Optional<ReceivedField> from =
                ReceivedField.parse(header.get(received).value().strip());
        Optional<Address> to = Address.parse(text(header.get(1)));
        if (from.isEmpty() || to.isEmpty()) return Optional.empty();
        List<HeaderField> front = header.subList(0, received);
        Mail mail = mail(from.get(), sender(text(header.get(0))), to.get(), behind(message, front), arrived);
        return Optional.of(new DeliveredMail(mail, findings(front, from.get().server())));
    }

    /** Octets as the UTF-8 that they are, RFC 6532. */
    private static String text(HeaderField field) {
        return new String(field.unfolded().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    private static Optional<Address> sender(String path) {
        return Address.parse(path.replaceAll("^<|>$", ""));
    }

    private static Mail mail(
            ReceivedField from, Optional<Address> sender, Address to, Message message, Instant arrived) {
        Origin origin = new Origin(
                from.protocol(),
                from.client(),
                from.helo(),
                from.login() ? sender : Optional.empty(),
                from.tls(),
                from.server(),
                "replay");
        Recipient recipient = new Recipient(from.recipient().orElse(to));
        Envelope envelope = new Envelope(sender, MailParameters.NONE, List.of(recipient));
        return new Mail(from.id(), arrived, origin, envelope, message, false);
    }

    /** The message without fields that are ours, and so are as long as they look. */
    private static Message behind(Message message, List<HeaderField> front) {
        long skipped = front.stream().mapToLong(f -> f.toString().length()).sum();
        return StoredMessage.of(new Octets() {
            @Override
            public long size() {
                return message.size() - skipped;
            }

            @Override
            public InputStream open() throws IOException {
                InputStream in = message.open();
                in.skipNBytes(skipped);
                return in;
            }

            @Override
            public long transferTo(long position, long count, WritableByteChannel to) throws IOException {
                return message.transferTo(skipped + position, count, to);
            }
        });
    }

    private static Map<String, String> findings(List<HeaderField> front, String server) {
        Map<String, String> findings = new TreeMap<>();
        for (HeaderField field : front) {
            String value = field.unfolded();
            if (!field.is("Authentication-Results") || !value.startsWith(server)) continue;
            Matcher results = RESULT.matcher(QUOTED.matcher(value).replaceAll(""));
            while (results.find()) findings.put(results.group(1), results.group(2));
        }
        return findings;
    }
}
