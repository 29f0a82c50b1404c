package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.Recipient;
import org.posthorn.api.queue.QueuedMail;
import org.posthorn.jmap.Context;
import org.posthorn.jmap.Json;
import org.posthorn.mime.Xtext;

/**
 * An EmailSubmission as it is kept: the properties of RFC 8621 7, and what is ours alone: {@code mailId}, the queue id, {@code open}, whether somebody may still be waited for, and
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

    /** Reports of one kind. */
    private static final int MOST_REPORTS = 50;

    /** A new one. */
    static SubmissionRecord of(
            String identityId,
            String emailId,
            String threadId,
            SubmissionEnvelope envelope,
            Submitting.Taken taken,
            Instant now) {
        ObjectNode json = Json.NODES.objectNode();
        envelope.parameters().envelopeId().ifPresent(id -> json.put("envelopeId", Xtext.decode(id)));
        json.put("identityId", identityId).put("emailId", emailId).put("threadId", threadId);
        json.set("envelope", envelope.json());
        Instant sendAt = envelope.sendAt(now);
        json.put("sendAt", sendAt.toString()).put("undoStatus", sendAt.isAfter(now) ? "pending" : "final");
        ObjectNode status = json.putObject("deliveryStatus");
        List<Recipient> to = envelope.recipients();
        for (int i = 0; i < to.size(); i++)
            status.set(
                    envelope.given(i),
                    DeliveryStatus.begun(taken.replies().get(to.get(i)).toString()));
        json.putArray("dsnBlobIds");
        json.putArray("mdnBlobIds");
        return new SubmissionRecord(json.put("mailId", taken.id().text()).put("open", true));
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

    /** What time and the server make of it. What a crash kept from being canceled is so when the queue has it no more before its time; behind that nobody can tell. */
    SubmissionRecord at(Instant now, DeliveryStatus known) {
        boolean back = isDoing(CANCELING) && known.queued().isEmpty() && isPending() && !isOver(now);
        return back ? canceled() : done().at(now).with(known);
    }

    private SubmissionRecord with(DeliveryStatus known) {
        ObjectNode changed = json.deepCopy();
        if (isPending() && known.queued().filter(QueuedMail::wished).isEmpty()) changed.put("undoStatus", "final");
        ObjectNode status = known.after(json.path("deliveryStatus"));
        changed.set("deliveryStatus", status);
        changed.put("open", known.queued().isPresent() && DeliveryStatus.waits(status));
        return changed.equals(json) ? this : new SubmissionRecord(changed);
    }

    /** The mod-sequence of the account when it was made; 0 when that is not known. */
    long since() {
        return json.path("since").asLong();
    }

    /** What its reports are found by. @param messageId with its brackets @param since the account's mod-sequence */
    SubmissionRecord found(Optional<String> messageId, long since) {
        ObjectNode changed = json.deepCopy().put("since", since);
        messageId.ifPresent(id -> changed.put("messageId", id));
        return new SubmissionRecord(changed);
    }

    /** With what a report of its delivery tells, if it is about it: of one who is not known to have it. */
    SubmissionRecord heard(DsnReport dsn, String blobId) {
        boolean mine = dsn.envelopeId().filter(text("envelopeId")::equals).isPresent();
        if (!mine || text("envelopeId").isEmpty()) return this;
        // What a client calls its mail others may guess: such a report is shown, and not believed.
        List<DsnReport.Fate> believed = isCalledByClient() ? List.of() : dsn.fates();
        return heard("dsnBlobIds", blobId, status -> believed.forEach(fate -> DeliveryStatus.report(status, fate)));
    }

    private boolean isCalledByClient() {
        for (Map.Entry<String, JsonNode> one :
                json.path("envelope").path("mailFrom").path("parameters").properties())
            if (one.getKey().equalsIgnoreCase("ENVID")) return true;
        return false;
    }

    /** With what a report of its reader tells, if it is about it. */
    SubmissionRecord heard(MdnReport mdn, String blobId) {
        boolean mine = mdn.originalMessageId().filter(text("messageId")::equals).isPresent();
        if (!mine || text("messageId").isEmpty()) return this;
        return heard("mdnBlobIds", blobId, status -> DeliveryStatus.report(status, mdn));
    }

    private SubmissionRecord heard(String list, String blobId, Consumer<ObjectNode> told) {
        for (JsonNode known : json.path(list)) if (known.asText().equals(blobId)) return this;
        if (json.path(list).size() >= MOST_REPORTS) return this;
        ObjectNode changed = json.deepCopy();
        changed.withArray("/" + list).add(blobId);
        told.accept((ObjectNode) changed.path("deliveryStatus"));
        return new SubmissionRecord(changed);
    }

    /** As it is told by its properties. */
    ObjectNode shown(long number, Set<String> wanted) {
        ObjectNode shown = Json.NODES.objectNode().put("id", IDS.of(number));
        for (Map.Entry<String, JsonNode> one : plain(json).properties())
            if (PROPERTIES.contains(one.getKey()) && wanted.contains(one.getKey()))
                shown.set(one.getKey(), one.getValue());
        return shown;
    }

    /** What is told of one to who asks. */
    static ObjectNode told(Context context, ObjectNode kept) {
        return context.uses(ExplainCapability.URI) ? kept : plain(kept);
    }

    /** Without what is beside the RFC. */
    private static ObjectNode plain(ObjectNode kept) {
        ObjectNode plain = kept.deepCopy();
        plain.path("deliveryStatus").forEach(one -> ((ObjectNode) one).remove(DeliveryStatus.REMOTE));
        return plain;
    }
}
