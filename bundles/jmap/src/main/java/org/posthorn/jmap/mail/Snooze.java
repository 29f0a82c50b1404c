package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.Email;
import org.posthorn.api.mailbox.ObjectId;
import org.posthorn.jmap.Json;
import org.posthorn.jmap.Refusal;

/**
 * One Email that is, or was, snoozed, or waits in the mailbox for what is sent later: both are brought elsewhere when their time has come.
 *
 * @param number of its EMAILID
 * @param mailboxId that of the mailbox in which it sleeps: when it lies elsewhere, somebody has taken it from there, and it is not woken
 * @param over whether it has been woken
 * @param sending whether it waits to be sent; of that the property {@code snoozed} says nothing
 */
record Snooze(Address account, long number, String mailboxId, SnoozeDetails details, boolean over, boolean sending) {

    static Snooze asleep(Address account, long number, String mailboxId, SnoozeDetails details) {
        return new Snooze(account, number, mailboxId, details, false, false);
    }

    static Snooze sending(Address account, long number, String mailboxId, SnoozeDetails details) {
        return new Snooze(account, number, mailboxId, details, false, true);
    }

    /** @throws IOException when that is none */
    static Snooze of(ObjectNode json) throws IOException {
        Optional<Address> account = Address.parse(json.path("account").asText());
        long number = ObjectId.emailNumber(json.path("email").asText()).orElse(0);
        if (account.isEmpty() || number == 0) throw new IOException("it names no Email");
        try {
            SnoozeDetails details = SnoozeDetails.of(json.path("snoozed"));
            return new Snooze(
                    account.get(),
                    number,
                    json.path("mailboxId").asText(),
                    details,
                    json.path("over").asBoolean(),
                    json.path("sending").asBoolean());
        } catch (Refusal refusal) {
            throw new IOException(refusal.getMessage(), refusal);
        }
    }

    /** As it is kept. */
    ObjectNode json() {
        ObjectNode json = Json.NODES.objectNode().put("account", account.toString());
        json.put("email", ObjectId.email(number)).put("mailboxId", mailboxId);
        json.set("snoozed", details.json());
        return json.put("over", over).put("sending", sending);
    }

    Snooze ended() {
        return new Snooze(account, number, mailboxId, details, true, sending);
    }

    /** Whether the Email, which is this one, lies where it sleeps, and is to be woken. */
    boolean isAsleep(Email email) {
        return !over && email.places().stream().anyMatch(p -> p.mailboxId().equals(mailboxId));
    }

    /** Whether it waits to be sent then. @param second a time without any part of a second */
    boolean isSentAt(Instant second) {
        return sending && !over && details.until().equals(second);
    }

    /** Whether the Email, which is this one, waits to be sent. */
    boolean isSending(Email email) {
        return sending && isAsleep(email);
    }
}
