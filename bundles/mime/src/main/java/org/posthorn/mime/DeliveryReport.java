package org.posthorn.mime;

import jakarta.mail.MessagingException;
import jakarta.mail.internet.InternetHeaders;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMultipart;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Message;

/**
 * A report on the delivery of a mail, RFC 3464 in the form of RFC 6522; with addresses that are not ASCII, RFC 6533.
 *
 * @param id the left part of its Message-ID
 * @param server the name of this server
 * @param to whom it goes: the sender of the mail
 * @param envelopeId what the sender called the mail (ENVID), decoded
 * @param futureRelease until when its sender had it held, as a report says that: {@code for;} and seconds, or {@code until;} and a time
 * @param arrived when the mail came
 * @param made when this report is made
 * @param fates not empty
 * @param original the mail
 * @param whole whether the mail is given back whole, or its header alone
 */
public record DeliveryReport(
        String id,
        String server,
        Address to,
        Optional<String> envelopeId,
        Optional<String> futureRelease,
        Instant arrived,
        Instant made,
        List<Fate> fates,
        Message original,
        boolean whole) {

    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, d MMM yyyy HH:mm:ss Z", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    public DeliveryReport {
        fates = List.copyOf(fates);
    }

    /** What is reported of a recipient, RFC 3464 2.3.3. */
    public enum Action {
        FAILED("Undelivered mail", "could not be delivered, and is not tried again"),
        DELAYED("Delayed mail", "could not be delivered yet; it is tried again, and you need not send it again"),
        DELIVERED("Delivered mail", "was delivered, as you asked to be told"),
        RELAYED("Relayed mail", "was handed to another server, which sends no word of its delivery");

        private final String subject;
        private final String words;

        Action(String subject, String words) {
            this.subject = subject;
            this.words = words;
        }
    }

    /**
     * What became of one recipient.
     *
     * @param recipient where it went in the end
     * @param original what the sender had written, with its type ({@code rfc822;bob@example.test}), decoded
     * @param status as {@code 5.1.1}, RFC 3463
     * @param host the server that spoke last; empty when it was this one
     * @param reply what was said last
     * @param retryUntil for a delay: how long it is tried
     */
    public record Fate(
            Address recipient,
            Optional<String> original,
            Action action,
            String status,
            String host,
            String reply,
            Optional<Instant> retryUntil) {}

    /** Whether its own addresses need SMTPUTF8. */
    public boolean international() {
        return to.international() || fates.stream().anyMatch(f -> f.recipient().international());
    }

    /** Writes the report as a message; the original is streamed. @return whether there are octets in it that are not ASCII */
    public boolean writeTo(OutputStream out) throws IOException {
        try {
            MimeMultipart parts = new MimeMultipart("report");
            parts.addBodyPart(text("text/plain; charset=utf-8", "Notification", words()));
            String status = international() ? "message/global-delivery-status" : "message/delivery-status";
            parts.addBodyPart(text(status, "Delivery report", StatusFields.of(this)));
            ReturnedMail returned = new ReturnedMail(original, whole, international());
            parts.addBodyPart(returned.part());
            boolean eightBit = international() || returned.eightBit();
            out.write(header(parts.getContentType(), eightBit).getBytes(StandardCharsets.UTF_8));
            // Written part by part, and so without the data content handlers that Jakarta Mail would look for by the
            // thread's class loader.
            parts.writeTo(out);
            return eightBit;
        } catch (MessagingException e) {
            throw new IOException("the report cannot be written: " + e.getMessage(), e);
        }
    }

    private String header(String contentType, boolean eightBit) {
        Action action = fates.get(0).action();
        String type =
                contentType.replaceFirst("multipart/report;", "multipart/report; report-type=" + reportType() + ";");
        return field("From", "Mail Delivery System <MAILER-DAEMON@" + server + ">")
                + field("To", "<" + to + ">")
                + field("Subject", action.subject)
                + field("Date", date(made))
                + field("Message-ID", "<" + id + "@" + server + ">")
                // RFC 3834 5: nobody's machine shall answer it.
                + field("Auto-Submitted", "auto-replied")
                + field("MIME-Version", "1.0")
                + field("Content-Transfer-Encoding", eightBit ? "8bit" : "7bit")
                + field("Content-Type", type)
                + "\r\n";
    }

    private String reportType() {
        return international() ? "global-delivery-status" : "delivery-status";
    }

    private static String field(String name, String value) {
        return name + ": " + value + "\r\n";
    }

    static String date(Instant moment) {
        return DATE.format(moment);
    }

    private String words() {
        StringBuilder words = new StringBuilder("This is the mail server " + server + ".\r\n");
        for (Action action : Action.values()) {
            List<Fate> these = fates.stream().filter(f -> f.action() == action).toList();
            if (these.isEmpty()) continue;
            words.append("\r\nYour mail of ")
                    .append(date(arrived))
                    .append(' ')
                    .append(action.words)
                    .append(":\r\n");
            for (Fate fate : these) words.append("\r\n").append(words(fate));
        }
        return words.append("\r\nThe part behind this one says the same for machines; the last one is ")
                .append(whole ? "your mail.\r\n" : "the header of your mail.\r\n")
                .toString();
    }

    private static String words(Fate fate) {
        String host = fate.host().isEmpty() ? "" : fate.host() + " said: ";
        String until = fate.retryUntil()
                .map(u -> "\r\n  It is tried until " + date(u) + ".")
                .orElse("");
        return "<" + fate.recipient() + ">\r\n  " + StatusFields.line(host + fate.reply(), true) + until + "\r\n";
    }

    private MimeBodyPart text(String type, String description, String content) throws MessagingException {
        InternetHeaders headers = new InternetHeaders();
        headers.setHeader("Content-Type", type);
        headers.setHeader("Content-Description", description);
        byte[] octets = content.getBytes(StandardCharsets.UTF_8);
        headers.setHeader("Content-Transfer-Encoding", octets.length == content.length() ? "7bit" : "8bit");
        return new MimeBodyPart(headers, octets);
    }
}
