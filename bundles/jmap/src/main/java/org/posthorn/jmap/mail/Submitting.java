package org.posthorn.jmap.mail;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.posthorn.api.intake.MailIntake;
import org.posthorn.api.intake.Submission;
import org.posthorn.api.intake.SubmissionRules;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.Origin;
import org.posthorn.api.mail.Recipient;
import org.posthorn.api.mail.Reply;
import org.posthorn.api.net.Sink;
import org.posthorn.jmap.Asker;
import org.posthorn.jmap.Context;
import org.posthorn.jmap.Json;
import org.posthorn.jmap.MethodFault;
import org.posthorn.jmap.Refusal;
import org.posthorn.jmap.SetError;
import org.posthorn.mime.Authors;

/** Hands a message in as a user does on the submission ports: to the same intake, by the same rules. What is said there against it is a SetError of RFC 8621 7.5. */
record Submitting(Context context, Sending sending, SubmissionRules rules) {

    /** How mail says in its trace that it came so; a client that sends by JMAP has its own copy in a mailbox. */
    static final String PROTOCOL = "JMAP";

    /**
     * What became of it.
     *
     * @param replies to each recipient, as SMTP has them
     */
    record Taken(MailId id, Map<Recipient, Reply> replies) {}

    /** Is told of a mail that all rules let go, and hands it in. */
    interface Ready {
        void take(Taken taken, Submissions.Step handIn) throws Refusal, IOException;
    }

    /** The mail is safe when {@code ready} has handed it in. */
    void submit(SubmissionEnvelope envelope, OutgoingMessage message, Ready ready)
            throws Refusal, MethodFault, IOException {
        bounded(envelope, message);
        Optional<Address> sender = envelope.sender();
        if (sender.isPresent() && !sending.accounts().maySend(context.user(), sender.get()))
            throw new Refusal(SetError.of("forbiddenMailFrom", sender.get() + " is not your address"));
        MailIntake intake = context.lease(sending.intakes());
        // At most as long as it waits itself for a part that is being replaced.
        intake.ready().toCompletableFuture().join();
        try (Submission submission = intake.begin(origin(context.asker()))) {
            Reply reply = submission.sender(sender, envelope.parameters());
            if (!reply.positive()) throw refusal(reply, "forbiddenMailFrom");
            Map<Recipient, Reply> replies = recipients(submission, envelope.recipients());
            message(submission, message);
            ready.take(new Taken(submission.id(), replies), () -> finish(submission));
        }
    }

    private void bounded(SubmissionEnvelope envelope, OutgoingMessage message) throws Refusal {
        if (envelope.recipients().isEmpty())
            throw new Refusal(SetError.of("noRecipients", "The message is for nobody"));
        if (envelope.recipients().size() > rules.maxRecipients())
            throw new Refusal(SetError.of("tooManyRecipients", "")
                    .with("maxRecipients", Json.NODES.numberNode(rules.maxRecipients())));
        if (message.message().size() > rules.maxSize())
            throw new Refusal(SetError.TOO_LARGE.with("maxSize", Json.NODES.numberNode(rules.maxSize())));
    }

    private Origin origin(Asker asker) {
        return new Origin(PROTOCOL, asker.client(), "", Optional.of(asker.user()), asker.tls(), rules.server(), "jmap");
    }

    /** All or none: a mail that went to some alone could not be sent once more. */
    private static Map<Recipient, Reply> recipients(Submission submission, List<Recipient> recipients) throws Refusal {
        Map<Recipient, Reply> replies = new LinkedHashMap<>();
        List<String> refused = new ArrayList<>();
        List<String> words = new ArrayList<>();
        for (Recipient recipient : recipients) {
            Reply reply = submission.recipient(recipient);
            replies.put(recipient, reply);
            if (reply.positive()) continue;
            refused.add(recipient.address().toString());
            words.add(recipient.address() + ": " + reply);
            if (refused.size() == 1) submission.refused(reply, "one of the recipients is refused");
        }
        if (!refused.isEmpty()) throw SubmissionEnvelope.invalidRecipients(refused, String.join("; ", words));
        return replies;
    }

    private void message(Submission submission, OutgoingMessage message) throws Refusal, IOException {
        Sink data = submission.data();
        Authors authors = new Authors(sending.accounts(), context.user());
        message.writeTo(rules.checkFrom() ? authors.before(data) : data);
        Optional<Authors.Refusal> foreign = rules.checkFrom() ? authors.refusal() : Optional.empty();
        if (foreign.isPresent()) {
            submission.refused(foreign.get().reply(), foreign.get().why());
            throw refusal(foreign.get().reply(), "forbiddenFrom");
        }
    }

    private static void finish(Submission submission) throws Refusal {
        Reply reply = submission.finish();
        if (!reply.positive()) throw refusal(reply, "forbiddenToSend");
    }

    /** A reply in the words of RFC 8621 7.5. @param otherwise the type of one that is a plain no */
    private static Refusal refusal(Reply reply, String otherwise) {
        String status = reply.enhanced();
        String type = reply.transientFailure()
                ? "serverFail"
                : status.equals("5.3.4") ? "tooLarge" : status.startsWith("5.6.") ? "invalidEmail" : otherwise;
        return new Refusal(SetError.of(type, reply.toString()));
    }
}
