package org.posthorn.spool;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Envelope;
import org.posthorn.api.mail.HeaderField;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.MailParameters;
import org.posthorn.api.mail.Message;
import org.posthorn.api.mail.Notify;
import org.posthorn.api.mail.Origin;
import org.posthorn.api.mail.Recipient;
import org.posthorn.api.spool.Incoming;
import org.posthorn.api.spool.Spool;

/** Mail for the tests. */
final class Mails {

    static final UUID BOOT = new UUID(1, 2);
    static final JournalSpool.Limits LIMITS = new JournalSpool.Limits(1 << 20, 1 << 20, 0, 0);

    private Mails() {}

    static JournalSpool open(Path root) throws IOException {
        return open(root, LIMITS, BOOT);
    }

    static JournalSpool open(Path root, JournalSpool.Limits limits, UUID boot) throws IOException {
        return new JournalSpool(root, limits, boot, new Random(7)::nextLong, 0);
    }

    static Mail commit(Spool spool, String octets, String... recipients) throws IOException {
        return commit(spool, octets.getBytes(StandardCharsets.ISO_8859_1), List.of(), recipients);
    }

    static Mail commit(Spool spool, byte[] octets, List<HeaderField> trace, String... recipients) throws IOException {
        try (Incoming incoming = spool.begin()) {
            incoming.write(ByteBuffer.wrap(octets));
            Message message = incoming.message();
            return spool.commit(incoming, draft(trace.isEmpty() ? message : message.withTrace(trace), recipients));
        }
    }

    static void commit(Spool spool, MailId id) throws IOException {
        try (Incoming incoming = spool.begin()) {
            Mail draft = draft(incoming.message(), "a@example.test");
            spool.commit(
                    incoming, new Mail(id, draft.arrived(), draft.origin(), draft.envelope(), draft.message(), false));
        }
    }

    static Mail draft(Message message, String... recipients) throws IOException {
        InetSocketAddress client = new InetSocketAddress(InetAddress.getByName("192.0.2.7"), 4711);
        Origin origin = new Origin(
                "ESMTPSA",
                client,
                "mua.example",
                Optional.of(Address.of("alice@example.test")),
                Optional.of("TLSv1.3 X"),
                "mx.example.test",
                "submission");
        List<Recipient> to = Set.of(recipients).stream()
                .sorted()
                .map(r ->
                        new Recipient(Address.of(r), Set.of(Notify.FAILURE, Notify.DELAY), Optional.of("rfc822;" + r)))
                .toList();
        MailParameters parameters = new MailParameters(true, false, Optional.of("HDRS"), Optional.of("QQ314159"));
        Envelope envelope = new Envelope(Optional.of(Address.of("alice@example.test")), parameters, to);
        return new Mail(MailId.next(), Instant.ofEpochSecond(1_700_000_000, 42), origin, envelope, message, true);
    }

    /** The same mail for others. */
    static Mail with(Mail mail, List<Recipient> recipients) {
        Envelope envelope = mail.envelope().with(recipients);
        return new Mail(mail.id(), mail.arrived(), mail.origin(), envelope, mail.message(), mail.junk());
    }

    static String text(Message message) throws IOException {
        try (var in = message.open()) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    static List<String> ids(Spool spool) throws IOException {
        return spool.replay().stream().map(p -> p.mail().id().text()).toList();
    }
}
