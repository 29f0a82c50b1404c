package org.posthorn.smtp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.posthorn.api.intake.MailIntake;
import org.posthorn.api.intake.Submission;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Envelope;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.MailParameters;
import org.posthorn.api.mail.Origin;
import org.posthorn.api.mail.Recipient;
import org.posthorn.api.mail.Reply;
import org.posthorn.api.net.Sink;

/** An intake that writes down what it is given. It knows all of example.test but nobody@ and those on leave@. */
final class TestIntake implements MailIntake {

    /** A mail that was taken. */
    record Taken(Origin origin, Envelope envelope, String text) {}

    final List<Taken> taken = new ArrayList<>();
    final List<Reply> refused = new ArrayList<>();
    final List<String> reasons = new ArrayList<>();
    CompletionStage<Void> ready = CompletableFuture.completedFuture(null);
    Optional<Reply> senderRefusal = Optional.empty();
    Reply verdict = new Reply(250, "2.0.0", "queued as 0000000000001");
    Optional<IOException> brokenDisk = Optional.empty();
    boolean brokenAtOnce;
    int open;

    @Override
    public CompletionStage<Void> ready() {
        return ready;
    }

    @Override
    public Submission begin(Origin origin) {
        open++;
        return new Noted(origin);
    }

    private final class Noted implements Submission {
        private final Origin origin;
        private final List<Recipient> recipients = new ArrayList<>();
        private final ByteArrayOutputStream text = new ByteArrayOutputStream();
        private Envelope envelope;
        private boolean closed;
        private boolean over;

        Noted(Origin origin) {
            this.origin = origin;
        }

        @Override
        public MailId id() {
            return MailId.of(1);
        }

        @Override
        public Reply sender(Optional<Address> sender, MailParameters parameters) {
            envelope = new Envelope(sender, parameters, List.of());
            return senderRefusal.orElse(new Reply(250, "2.1.0", "OK"));
        }

        @Override
        public Reply recipient(Recipient recipient) {
            String local = recipient.address().localPart();
            if (local.equals("nobody")) return new Reply(550, "5.1.1", "No such user");
            if (local.equals("leave")) return new Reply(451, "4.3.0", "Come b\u00e4ck later");
            recipients.add(recipient);
            return new Reply(250, "2.1.5", "OK");
        }

        @Override
        public Sink data() throws IOException {
            if (brokenAtOnce) throw new IOException("disk full");
            return bytes -> {
                byte[] octets = new byte[bytes.remaining()];
                bytes.get(octets);
                if (brokenDisk.isPresent()) throw brokenDisk.get();
                text.write(octets);
            };
        }

        @Override
        public Reply finish() {
            if (verdict.positive())
                taken.add(new Taken(origin, envelope.with(recipients), text.toString(StandardCharsets.ISO_8859_1)));
            return verdict;
        }

        @Override
        public void refused(Reply reply, String why) {
            // As the real one: the first word counts.
            if (over) return;
            over = true;
            refused.add(reply);
            reasons.add(why);
        }

        @Override
        public void close() {
            if (!closed) open--;
            closed = true;
        }
    }
}
