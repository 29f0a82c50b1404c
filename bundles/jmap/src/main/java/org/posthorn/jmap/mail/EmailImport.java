package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.posthorn.api.mail.Address;
import org.posthorn.jmap.Arguments;
import org.posthorn.jmap.Attempts;
import org.posthorn.jmap.Context;
import org.posthorn.jmap.Id;
import org.posthorn.jmap.Json;
import org.posthorn.jmap.Method;
import org.posthorn.jmap.MethodError;
import org.posthorn.jmap.MethodFault;
import org.posthorn.jmap.Refusal;

/** {@code Email/import}, RFC 8621 4.8. */
record EmailImport(Digests digests, Clock clock) implements Method {

    private static final Set<String> KNOWN = Set.of("blobId", "mailboxIds", "keywords", "receivedAt");

    @Override
    public ObjectNode call(Context context, Arguments arguments) throws MethodFault, IOException {
        Address account = context.changeable(arguments);
        Optional<String> inState = arguments.optionalString("ifInState");
        Map<String, ObjectNode> emails = arguments.demandObjects("emails");
        arguments.end();
        if (emails.size() > context.limits().objectsInSet()) throw new MethodFault(MethodError.REQUEST_TOO_LARGE);
        for (String id : emails.keySet()) if (!Id.is(id)) throw MethodFault.invalid(id + " is no creation id");
        Attempts attempts = new Attempts("Email/import", account, Refusal::error);
        return attempts.answer(() -> {
            MailView mail = MailView.of(context, account, digests);
            String state = mail.state();
            if (inState.isPresent() && !inState.get().equals(state)) throw new MethodFault(MethodError.STATE_MISMATCH);
            EmailCreation creation = new EmailCreation(context, account, mail, clock);
            ObjectNode created = Json.NODES.objectNode();
            ObjectNode notCreated = Json.NODES.objectNode();
            emails.forEach((id, email) -> attempts.make(
                    id,
                    () -> {
                        ObjectNode made = imported(creation, email);
                        created.set(id, made);
                        context.created(id, made.path("id").textValue());
                    },
                    error -> notCreated.set(id, error.json())));
            ObjectNode json = Json.NODES.objectNode().put("accountId", Id.account(account));
            json.put("oldState", state).put("newState", mail.state());
            json.set("created", orNull(created));
            json.set("notCreated", orNull(notCreated));
            return json;
        });
    }

    private static JsonNode orNull(ObjectNode json) {
        return json.isEmpty() ? Json.NODES.nullNode() : json;
    }

    private static ObjectNode imported(EmailCreation creation, ObjectNode email)
            throws Refusal, IOException, MethodFault {
        for (Map.Entry<String, JsonNode> member : email.properties())
            if (!KNOWN.contains(member.getKey()))
                throw Refusal.of(member.getKey(), "An EmailImport has no " + member.getKey());
        if (!email.path("blobId").isTextual()) throw Refusal.of("blobId", "blobId is missing");
        return creation.imported(email);
    }
}
