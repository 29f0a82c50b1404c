package org.posthorn.queue;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.lease.Leased;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Envelope;
import org.posthorn.api.mail.FutureRelease;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.MailParameters;
import org.posthorn.api.mail.Message;
import org.posthorn.api.mail.Origin;
import org.posthorn.api.mail.Recipient;
import org.posthorn.api.mail.Reply;
import org.posthorn.api.spool.Incoming;
import org.posthorn.api.spool.Spool;
import org.posthorn.mime.DeliveryReport;
import org.posthorn.mime.DeliveryReport.Action;
import org.posthorn.mime.StoredMessage;
import org.posthorn.mime.Xtext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes mail of reports, safe in the journal. */
final class Bounces {

    private static final Logger LOG = LoggerFactory.getLogger(Bounces.class);

    private final Leased<Spool> spools;

    private final Narration narration;

    Bounces(Leased<Spool> spools, Narration narration) {
        this.spools = spools;
        this.narration = narration;
    }

    /** @param wholeUpTo octets up to which a mail that failed is given back whole */
    Mail commit(Report report, Mail about, Instant retryUntil, long wholeUpTo, Instant now) throws IOException {
        DeliveryReport word = word(report, about, retryUntil, wholeUpTo, now);
        try (Lease<Spool> spool = spools.lease().orElseThrow(() -> new IOException("there is no spool"));
                Incoming incoming = spool.get().begin()) {
            boolean eightBit;
            try (OutputStream out = new BufferedOutputStream(new IncomingStream(incoming), 8192)) {
                eightBit = word.writeTo(out);
            }
            MailParameters with =
                    new MailParameters(eightBit, word.international(), Optional.empty(), Optional.empty());
            Envelope envelope = new Envelope(Optional.empty(), with, List.of(report.to()));
            Origin origin = Origin.local(about.origin().server());
            Mail draft = new Mail(MailId.next(), now, origin, envelope, incoming.message(), false);
            Mail mail = spool.get().commit(incoming, draft);
            LOG.info(
                    "{}: tells <{}> of {}, which {}.",
                    mail.id(),
                    report.to().address(),
                    about.id(),
                    report.action() == Action.DELAYED
                            ? "is delayed"
                            : report.action() == Action.FAILED ? "failed" : "was delivered");
            narration.reported(about, mail, report, "<" + word.id() + "@" + word.server() + ">");
            return mail;
        }
    }

    private static DeliveryReport word(Report report, Mail about, Instant retryUntil, long wholeUpTo, Instant now) {
        Optional<Instant> until = Optional.of(retryUntil).filter(u -> report.action() == Action.DELAYED);
        MailParameters with = about.envelope().parameters();
        boolean whole = report.action() == Action.FAILED
                && !with.ret().orElse("FULL").equalsIgnoreCase("HDRS")
                && about.message().size() <= wholeUpTo;
        Address to = report.to().address();
        return new DeliveryReport(
                about.id() + "." + now.toEpochMilli(),
                about.origin().server(),
                to,
                with.envelopeId().map(Xtext::decode),
                with.release().map(FutureRelease::request).filter(wish -> !wish.isEmpty()),
                about.arrived(),
                now,
                report.results().stream()
                        .map(r -> fate(r, report.action(), until))
                        .toList(),
                report.action() == Action.DELIVERED ? perhapsGone(about.message()) : about.message(),
                whole);
    }

    /** A mail that was shelved may leave the journal before its report is written; then the report goes without its header. */
    private static Message perhapsGone(Message message) {
        try {
            return StoredMessage.of("\r\n").withTrace(message.header());
        } catch (IOException gone) {
            LOG.debug("The header for a report of success is gone: {}", gone.getMessage());
            return StoredMessage.of("\r\n");
        }
    }

    private static DeliveryReport.Fate fate(Result result, Action action, Optional<Instant> until) {
        Reply reply = Result.reply(result.outcome());
        Recipient recipient = result.target().recipient();
        return new DeliveryReport.Fate(
                recipient.address(),
                recipient.originalRecipient().map(Xtext::decode),
                action,
                // RFC 3463 3.5: 4.4.7 is the delivery time that expired.
                result.expired() ? "4.4.7" : status(reply, action),
                result.outcome().host(),
                reply + (result.expired() ? " (given up: delivery time expired)" : ""),
                until);
    }

    private static String status(Reply reply, Action action) {
        char kind = action == Action.FAILED ? '5' : action == Action.DELAYED ? '4' : '2';
        boolean fits = !reply.enhanced().isEmpty() && reply.enhanced().charAt(0) == kind;
        return fits ? reply.enhanced() : kind + ".0.0";
    }

    private static final class IncomingStream extends OutputStream {
        private final Incoming incoming;

        IncomingStream(Incoming incoming) {
            this.incoming = incoming;
        }

        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] octets, int offset, int length) throws IOException {
            incoming.write(ByteBuffer.wrap(octets, offset, length));
        }
    }
}
