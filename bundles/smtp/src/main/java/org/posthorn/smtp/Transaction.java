package org.posthorn.smtp;

import java.io.IOException;
import java.util.Optional;
import org.posthorn.api.intake.MailIntake;
import org.posthorn.api.intake.Submission;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.mail.MailParameters;
import org.posthorn.api.mail.Recipient;
import org.posthorn.api.mail.Reply;
import org.posthorn.api.net.Sink;
import org.posthorn.mime.Authors;

/** A mail transaction, RFC 5321 3.3: from a MAIL that was accepted to the end of its data. */
final class Transaction implements AutoCloseable {

    private final Lease<MailIntake> lease;
    private final Submission submission;
    private final MailParameters parameters;
    private final Optional<Authors> authors;
    private int asked;
    private int accepted;
    private ChunkSink chunks;
    private int urls;

    /** @param authors looks at who a message says it is from; empty when anybody may say what he likes */
    Transaction(Lease<MailIntake> lease, Submission submission, MailParameters parameters, Optional<Authors> authors) {
        this.lease = lease;
        this.submission = submission;
        this.parameters = parameters;
        this.authors = authors;
    }

    /** Where the message goes. */
    Sink data() throws IOException {
        Sink sink = submission.data();
        return authors.isPresent() ? authors.get().before(sink) : sink;
    }

    /** The message has come: the word on it, which is in the log already if it is no. */
    Reply finish() {
        Optional<Authors.Refusal> refusal = authors.flatMap(Authors::refusal);
        refusal.ifPresent(r -> submission.refused(r.reply(), r.why()));
        return refusal.map(Authors.Refusal::reply).orElseGet(submission::finish);
    }

    /** The mail is refused, by whomever. */
    void refused(Reply reply) {
        submission.refused(reply, "");
    }

    MailParameters parameters() {
        return parameters;
    }

    Reply recipient(Recipient recipient) {
        asked++;
        Reply reply = submission.recipient(recipient);
        if (reply.positive()) accepted++;
        return reply;
    }

    /** How many recipients were named, accepted or not. */
    int asked() {
        return asked;
    }

    /** How many recipients were accepted, the same one twice counting twice. */
    int accepted() {
        return accepted;
    }

    /** Whether the message comes by BDAT, RFC 3030 2. */
    boolean chunking() {
        return chunks != null;
    }

    /** Where chunks go: the same for all of a message. */
    ChunkSink chunks(Settings settings) throws IOException {
        if (chunks == null) chunks = new ChunkSink(data(), settings.maxSize());
        return chunks;
    }

    /** Counts one more URL that is a piece of the message. @return how many there are now */
    int nextUrl() {
        return ++urls;
    }

    @Override
    public void close() {
        submission.close();
        lease.close();
    }
}
