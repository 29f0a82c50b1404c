package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.Recipient;
import org.posthorn.api.queue.QueuedMail;
import org.posthorn.jmap.Json;

/**
 * An EmailSubmission as it is kept: the properties of RFC 8621 7, and what is ours alone: {@code mailId}, the queue id, {@code open}, whether the queue may still have the mail, and
 * {@code doing}, what was begun and not ended: a crash leaves it. The JSON is not to be changed.
 */
record SubmissionRecord(ObjectNode json) {

    static final Set<String> PROPERTIES = Set.of(
            "id",
            "identityId",
            "emailId",
            "threadId",
            "envelope",
            "sendAt",
            "undoStatus",
            "deliveryStatus",
            "dsnBlobIds",
            "mdnBlobIds");

    /** What may be begun: to hand the mail in, and to take it back. */
    static final String SENDING = "sending";

    static final String CANCELING = "canceling";

    static final LogIds IDS = new LogIds("S");

    /** A new one. */
    static SubmissionRecord of(
            String identityId,
            String emailId,
            String threadId,
            SubmissionEnvelope envelope,
            Submitting.Taken taken,
            Instant now) {
        ObjectNode json = Json.NODES.objectNode();
        json.put("identityId", identityId).put("emailId", emailId).put("threadId", threadId);
        json.set("envelope", envelope.json());
        Instant sendAt = envelope.sendAt(now);
        json.put("sendAt", sendAt.toString()).put("undoStatus", sendAt.isAfter(now) ? "pending" : "final");
        ObjectNode status = json.putObject("deliveryStatus");
        List<Recipient> to = envelope.recipients();
        for (int i = 0; i < to.size(); i++)
            status(status, envelope.given(i), taken.replies().get(to.get(i)).toString(), "queued");
        json.putArray("dsnBlobIds");
        json.putArray("mdnBlobIds");
        return new SubmissionRecord(json.put("mailId", taken.id().text()).put("open", true));
    }

    private static void status(ObjectNode all, String email, String reply, String delivered) {
        all.putObject(email).put("smtpReply", reply).put("delivered", delivered).put("displayed", "unknown");
    }

    MailId mailId() {
        return new MailId(json.path("mailId").asText());
    }

    String text(String property) {
        return json.path(property).asText();
    }

    Instant sendAt() {
        try {
            return Instant.parse(text("sendAt"));
        } catch (DateTimeParseException damaged) {
            return Instant.EPOCH;
        }
    }

    boolean isPending() {
        return text("undoStatus").equals("pending");
    }

    boolean isOpen() {
        return json.path("open").asBoolean();
    }

    boolean isDoing(String what) {
        return text("doing").equals(what);
    }

    SubmissionRecord doing(String what) {
        return new SubmissionRecord(json.deepCopy().put("doing", what));
    }

    /** Nothing is begun. */
    SubmissionRecord done() {
        if (!json.has("doing")) return this;
        ObjectNode changed = json.deepCopy();
        changed.remove("doing");
        return new SubmissionRecord(changed);
    }

    SubmissionRecord with(String undoStatus) {
        ObjectNode changed = json.deepCopy();
        return new SubmissionRecord(changed.put("undoStatus", undoStatus));
    }

    /** Taken back: it is in no queue, and nobody gets it. */
    SubmissionRecord canceled() {
        ObjectNode changed = with("canceled").json;
        changed.path("deliveryStatus").forEach(one -> ((ObjectNode) one).put("delivered", "no"));
        return new SubmissionRecord(changed.put("open", false)).done();
    }

    /** What its time alone changes. */
    SubmissionRecord at(Instant now) {
        return isOver(now) ? with("final") : this;
    }

    /** Whether its time has come, and it does not say so. */
    boolean isOver(Instant now) {
        return isPending() && !sendAt().isAfter(now);
    }

    /** What time and the queue make of it. What a crash kept from being canceled is so when the queue has it no more before its time; behind that nobody can tell. */
    SubmissionRecord at(Instant now, Optional<QueuedMail> queued) {
        boolean back = isDoing(CANCELING) && queued.isEmpty() && isPending() && !isOver(now);
        return back ? canceled() : done().at(now).with(queued);
    }

    /** With what the queue knows of it; empty when it has it no more. */
    private SubmissionRecord with(Optional<QueuedMail> queued) {
        ObjectNode changed = json.deepCopy();
        if (isPending() && queued.filter(QueuedMail::wished).isEmpty()) changed.put("undoStatus", "final");
        if (queued.isEmpty()) changed.put("open", false);
        ObjectNode before = (ObjectNode) json.path("deliveryStatus");
        ObjectNode status = changed.putObject("deliveryStatus");
        for (Map.Entry<String, JsonNode> one : before.properties()) {
            Optional<String> said = queued.flatMap(q -> said(q, one.getKey()));
            String reply = said.filter(s -> !s.isEmpty())
                    .orElse(one.getValue().path("smtpReply").asText());
            // Of one who waits no more nobody here knows whether he has it: a report may tell.
            status(status, one.getKey(), reply, said.isPresent() ? "queued" : "unknown");
        }
        return changed.equals(json) ? this : new SubmissionRecord(changed);
    }

    /** The last word on a recipient who waits, or on one to whom his alias leads; empty when he does not. */
    private static Optional<String> said(QueuedMail mail, String given) {
        String email = Address.parse(given).map(Address::toString).orElse(given);
        // Xtext, RFC 3461 4.
        String original = "rfc822;" + email.replace("+", "+2B").replace("=", "+3D");
        List<Recipient> open = mail.envelope().recipients();
        for (int i = 0; i < open.size(); i++) {
            boolean his = open.get(i).address().toString().equalsIgnoreCase(email)
                    || open.get(i)
                            .originalRecipient()
                            .filter(original::equalsIgnoreCase)
                            .isPresent();
            if (his) return Optional.of(mail.attempts().get(i).lastReply());
        }
        return Optional.empty();
    }

    /** As it is told. */
    ObjectNode shown(long number, Set<String> wanted) {
        ObjectNode shown = Json.NODES.objectNode().put("id", IDS.of(number));
        for (Map.Entry<String, JsonNode> one : json.properties())
            if (PROPERTIES.contains(one.getKey()) && wanted.contains(one.getKey()))
                shown.set(one.getKey(), one.getValue());
        return shown;
    }
}
