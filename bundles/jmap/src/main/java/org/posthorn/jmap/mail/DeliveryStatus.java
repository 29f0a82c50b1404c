package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.posthorn.api.events.SentTo;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Recipient;
import org.posthorn.api.queue.QueuedMail;
import org.posthorn.jmap.Json;
import org.posthorn.mime.Xtext;

/**
 * What is known at a moment of a mail that was sent, from which the {@code deliveryStatus} of its EmailSubmission is made, RFC 8621 7. What is {@code yes} or {@code no} stays so, whatever is forgotten later.
 *
 * @param queued as the queue has it; empty when nobody waits for it any more
 * @param told its story, by the folded address as the envelope has it
 */
record DeliveryStatus(Optional<QueuedMail> queued, Map<Address, SentTo> told) {

    /** Beside what the RFC has: which host said the reply. */
    static final String REMOTE = "remoteMta";

    static DeliveryStatus of(Optional<QueuedMail> queued, List<SentTo> story) {
        Map<Address, SentTo> told = new HashMap<>();
        story.forEach(one -> told.put(one.recipient().folded(), one));
        return new DeliveryStatus(queued, told);
    }

    /** The one with which a recipient begins. */
    static ObjectNode begun(String reply) {
        return Json.NODES
                .objectNode()
                .put("smtpReply", reply)
                .put("delivered", "queued")
                .put("displayed", "unknown");
    }

    /** Whether somebody in it is still waited for. */
    static boolean waits(JsonNode all) {
        for (JsonNode one : all) if (one.path("delivered").asText().equals("queued")) return true;
        return false;
    }

    /** Whether the mail came into the queue: it is there, or something became of it behind that. */
    boolean taken() {
        return queued.isPresent() || told.values().stream().anyMatch(one -> one.fate() != SentTo.Fate.WAITING);
    }

    /** All of a mail's, as they are now. */
    ObjectNode after(JsonNode before) {
        ObjectNode all = Json.NODES.objectNode();
        for (Map.Entry<String, JsonNode> one : before.properties())
            all.set(one.getKey(), after(one.getKey(), (ObjectNode) one.getValue()));
        return all;
    }

    /** Of who left this server and is not known to have it, a DSN can tell, RFC 8621 7; of others this server knows better. */
    static void report(ObjectNode all, DsnReport.Fate fate) {
        boolean delivered = fate.action().equals("delivered");
        if (!delivered && !fate.action().equals("failed")) return;
        for (ObjectNode one : those(all, fate.addresses()))
            if (one.path("delivered").asText().equals("unknown"))
                one.put("delivered", delivered ? "yes" : "no").put("smtpReply", fate.reply());
    }

    /** A recipient's system says that it has shown it. Anybody who got the mail can say so for another, so who is known not to have it stays so. */
    static void report(ObjectNode all, MdnReport mdn) {
        if (!mdn.disposition().type().equals("displayed")) return;
        for (ObjectNode one : those(all, mdn.recipients()))
            if (!one.path("delivered").asText().equals("no")) one.put("displayed", "yes");
    }

    private static List<ObjectNode> those(ObjectNode all, Set<Address> addresses) {
        return all.properties().stream()
                .filter(one -> Address.parse(one.getKey())
                        .map(Address::folded)
                        .filter(addresses::contains)
                        .isPresent())
                .map(one -> (ObjectNode) one.getValue())
                .toList();
    }

    private ObjectNode after(String given, ObjectNode before) {
        String known = before.path("delivered").asText();
        if (known.equals("yes") || known.equals("no")) return before;
        Optional<SentTo> story = Address.parse(given).map(Address::folded).map(told::get);
        Optional<String> waits = queued.flatMap(mail -> said(mail, given));
        if (story.isPresent() && story.get().fate() != SentTo.Fate.WAITING) return settled(before, story.get());
        if (waits.isPresent()) return with(before, "queued", waits.get(), "");
        // Of one who waits no more, and of whom nothing is told, nobody here knows whether he has it: a report may
        // tell.
        String delivered = queued.isPresent() && story.isPresent() ? "queued" : "unknown";
        return with(before, delivered, story.map(SentTo::reply).orElse(""), "");
    }

    private static ObjectNode settled(ObjectNode before, SentTo story) {
        String delivered =
                switch (story.fate()) {
                    case SHELVED -> "yes";
                    case FAILED -> "no";
                    default -> "unknown";
                };
        return with(before, delivered, story.reply(), story.host());
    }

    private static ObjectNode with(ObjectNode before, String delivered, String reply, String host) {
        ObjectNode status = before.deepCopy().put("delivered", delivered);
        if (!reply.isEmpty()) status.put("smtpReply", reply);
        if (host.isEmpty()) return status;
        return status.put(REMOTE, host);
    }

    /** The last word on a recipient who waits; empty when he does not. Of one to whom his alias leads it may name him, so that is empty text. */
    private static Optional<String> said(QueuedMail mail, String given) {
        String email = Address.parse(given).map(Address::toString).orElse(given);
        String original = "rfc822;" + Xtext.encode(email);
        List<Recipient> open = mail.envelope().recipients();
        for (int i = 0; i < open.size(); i++) {
            Recipient one = open.get(i);
            if (one.address().toString().equalsIgnoreCase(email))
                return Optional.of(mail.attempts().get(i).lastReply());
            if (one.originalRecipient().filter(original::equalsIgnoreCase).isPresent()) return Optional.of("");
        }
        return Optional.empty();
    }
}
