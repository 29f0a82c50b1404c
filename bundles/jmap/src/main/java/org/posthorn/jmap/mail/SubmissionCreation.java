package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.posthorn.api.intake.SubmissionRules;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Message;
import org.posthorn.api.mailbox.Email;
import org.posthorn.api.mailbox.ObjectId;
import org.posthorn.jmap.Context;
import org.posthorn.jmap.MethodFault;
import org.posthorn.jmap.Refusal;
import org.posthorn.jmap.SetError;

/** Sends an Email: what is made of the object that a client creates, RFC 8621 7.5. */
record SubmissionCreation(
        Context context,
        Address account,
        Submissions submissions,
        Identities identities,
        Sending sending,
        ScheduledMail scheduled,
        Digests digests) {

    private static final SecureRandom RANDOM = new SecureRandom();

    private static final List<String> CLIENTS = List.of("identityId", "emailId", "envelope");

    /** All of the object, which is sent when this returns. */
    ObjectNode create(ObjectNode json) throws Refusal, MethodFault, IOException {
        for (Map.Entry<String, JsonNode> one : json.properties())
            if (!CLIENTS.contains(one.getKey()))
                throw Refusal.of(one.getKey(), "A client sets identityId, emailId and envelope alone");
        String identityId = context.resolved(id(json, "identityId"));
        String identity = identities
                .email(account, identityId)
                .orElseThrow(() -> Refusal.of("identityId", "There is no such identity"));
        MailView mail = MailView.of(context, account, digests);
        Email email = mail.email(context.resolved(id(json, "emailId")))
                .orElseThrow(() -> Refusal.of("emailId", "There is no such Email"));
        if (!submissions.room(account))
            throw new Refusal(SetError.of("rateLimit", "Too much of yours waits to be sent"));
        return send(json, identityId, identity, mail, email);
    }

    private static String id(ObjectNode json, String property) throws Refusal {
        if (!json.path(property).isTextual()) throw Refusal.of(property, property + " is missing");
        return json.path(property).textValue();
    }

    private ObjectNode send(ObjectNode json, String identityId, String identity, MailView mail, Email email)
            throws Refusal, MethodFault, IOException {
        Message message = mail.message(email);
        if (message.header().stream().noneMatch(f -> f.is("From")))
            throw new Refusal(SetError.of("invalidEmail", "It has no From").of(List.of("from")));
        SubmissionRules rules = sending.rules().get();
        Instant now = submissions.now();
        SubmissionEnvelope given = envelope(json, identity, message, rules, now);
        OutgoingMessage outgoing = OutgoingMessage.of(message);
        SubmissionEnvelope envelope =
                given.with(outgoing.eightBit(), outgoing.utf8Header()).called(envelopeId());
        long since = mail.emails().state();
        ObjectNode[] made = new ObjectNode[1];
        new Submitting(context, sending, rules).submit(envelope, outgoing, (taken, handIn) -> {
            SubmissionRecord record = SubmissionRecord.of(
                            identityId, Metadata.id(email), ObjectId.thread(email.thread()), envelope, taken, now)
                    .found(new MdnOriginal(message.header()).messageId(), since);
            scheduled.begin(account, mail, email, record.sendAt());
            made[0] = record.shown(submissions.add(account, record, handIn), SubmissionRecord.PROPERTIES);
        });
        return made[0];
    }

    /** One that nobody guesses, so that a report that has it is none that just anybody made. */
    private static String envelopeId() {
        byte[] random = new byte[16];
        RANDOM.nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    private static SubmissionEnvelope envelope(
            ObjectNode json, String identity, Message message, SubmissionRules rules, Instant now)
            throws Refusal, IOException {
        Optional<JsonNode> envelope = Optional.ofNullable(json.get("envelope")).filter(e -> !e.isNull());
        if (envelope.isEmpty()) return SubmissionEnvelope.of(message.header(), identity);
        if (!(envelope.get() instanceof ObjectNode object)) throw SubmissionEnvelope.bad("envelope is an object");
        return SubmissionEnvelope.of(object, now, rules.maxFutureRelease());
    }
}
