package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.posthorn.api.intake.SubmissionRules;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.MailParameters;
import org.posthorn.api.mail.Recipient;
import org.posthorn.api.mailbox.Email;
import org.posthorn.jmap.Arguments;
import org.posthorn.jmap.Attempts;
import org.posthorn.jmap.Context;
import org.posthorn.jmap.Id;
import org.posthorn.jmap.Json;
import org.posthorn.jmap.Method;
import org.posthorn.jmap.MethodError;
import org.posthorn.jmap.MethodFault;
import org.posthorn.jmap.Refusal;
import org.posthorn.jmap.SetError;
import org.posthorn.mime.Stash;
import org.posthorn.mime.StoredMessage;

/** {@code MDN/send}, RFC 9007 2.1: a sender is told what became of his message, through the same intake as with EmailSubmissions. */
record MdnSend(Sending sending, Identities identities, Claims claims, Digests digests) implements Method {

    /** RFC 3503 3. */
    static final String SENT = "$mdnsent";

    private static final Path FOLDER = Path.of(System.getProperty("java.io.tmpdir"));

    @Override
    public ObjectNode call(Context context, Arguments arguments) throws MethodFault, IOException {
        Address account = MdnParse.account(context, arguments);
        ObjectNode identity = identities
                .identity(account, context.resolved(arguments.string("identityId")))
                .orElseThrow(() -> MethodFault.invalid("There is no such identity"));
        Map<String, ObjectNode> send = arguments.demandObjects("send");
        Map<String, ObjectNode> updates = arguments.objects("onSuccessUpdateEmail");
        arguments.end();
        if (send.size() > context.limits().objectsInSet()) throw new MethodFault(MethodError.REQUEST_TOO_LARGE);
        for (String id : send.keySet()) noted(context, id, updates);
        Attempts attempts = new Attempts("MDN/send", account, Refusal::error);
        return attempts.answer(() -> {
            Work work = new Work(context, account, identity, attempts);
            send.forEach(work::send);
            work.imply(updates);
            return work.answer();
        });
    }

    /** Nobody is told twice, so that he was told has to be noted. */
    private static void noted(Context context, String id, Map<String, ObjectNode> updates) throws MethodFault {
        if (!Id.is(id)) throw MethodFault.invalid(id + " is no creation id");
        ObjectNode patch = updates.getOrDefault("#" + id, Json.NODES.objectNode());
        boolean noted = patch.path("keywords/" + SENT).asBoolean()
                || patch.path("keywords").path(SENT).asBoolean();
        if (!noted || !context.uses(MailCapability.URI))
            throw MethodFault.invalid("By onSuccessUpdateEmail, and so by " + MailCapability.URI + ", the keyword "
                    + SENT + " is set of each");
    }

    /** One call. */
    private final class Work {
        private final Context context;
        private final Address account;
        private final ObjectNode identity;
        private final Attempts attempts;
        private final ObjectNode sent = Json.NODES.objectNode();
        private final ObjectNode notSent = Json.NODES.objectNode();
        /** The Emails that were answered, by creation ids. */
        private final Map<String, String> emails = new HashMap<>();

        Work(Context context, Address account, ObjectNode identity, Attempts attempts) {
            this.context = context;
            this.account = account;
            this.identity = identity;
            this.attempts = attempts;
        }

        void send(String id, ObjectNode json) {
            attempts.make(id, () -> sent.set(id, send(id, MdnDraft.of(json))), error -> notSent.set(id, error.json()));
        }

        private ObjectNode send(String id, MdnDraft draft) throws Refusal, MethodFault, IOException {
            MailView mail = MailView.of(context, account, digests);
            Email email = mail.email(context.resolved(draft.forEmailId()))
                    .orElseThrow(() -> new Refusal(SetError.of("notFound", "There is no such Email")));
            if (Metadata.hasKeyword(email, SENT)) throw already();
            MdnOriginal original = new MdnOriginal(mail.message(email).header());
            List<Address> to = original.recipients();
            allowed(draft, original, to);
            Address recipient = recipient(draft);
            ObjectNode told = draft.completed(recipient, original);
            ObjectNode whole = told.deepCopy();
            draft.json().properties().stream()
                    .filter(one -> !one.getValue().isNull())
                    .forEach(one -> whole.set(one.getKey(), one.getValue()));
            whole.put("finalRecipient", MdnDraft.typed(recipient));
            Optional<String> included =
                    draft.includesOriginal() ? Optional.of(BlobIds.email(email.number())) : Optional.empty();
            once(email, draft.message(identity, to, whole, included), to);
            emails.put(id, Metadata.id(email));
            return told;
        }

        private Refusal already() {
            return new Refusal(SetError.of("mdnAlreadySent", "The keyword " + SENT + " is set already"));
        }

        /** Another device may want it at the same time, before the keyword is set. */
        private void once(Email email, EmailDraft report, List<Address> to) throws Refusal, MethodFault, IOException {
            if (!claims.take(account, email.number())) throw already();
            boolean sent = false;
            try {
                submit(report, to);
                sent = true;
            } finally {
                if (!sent) claims.release(account, email.number());
            }
        }

        private void allowed(MdnDraft draft, MdnOriginal original, List<Address> to) throws Refusal {
            if (original.isNotification())
                throw new Refusal(SetError.of("forbidden", "It is a notification itself, RFC 8098 3"));
            if (draft.disposition().automatic() && !original.toItsSender(to))
                throw new Refusal(SetError.of(
                        "forbidden",
                        "Others would be told than its Return-Path says: its reader decides, RFC 8098 2.1"));
        }

        private Address recipient(MdnDraft draft) throws Refusal, IOException {
            Address author = his(Address.of(identity.path("email").asText()));
            Optional<Address> given = draft.finalRecipient();
            return given.isPresent() ? his(given.get()) : author;
        }

        private Address his(Address address) throws Refusal, IOException {
            if (sending.accounts().maySend(context.user(), address)) return address;
            throw new Refusal(SetError.of("forbiddenFrom", address + " is not your address"));
        }

        private void submit(EmailDraft draft, List<Address> to) throws Refusal, MethodFault, IOException {
            SubmissionRules rules = sending.rules().get();
            try (Stash stash = new Stash(FOLDER, "jmap-")) {
                new Composer(context, account, new BoundedStream(stash, rules.maxSize()))
                        .write(draft, identities.outbox().clock());
                OutgoingMessage message = OutgoingMessage.of(StoredMessage.of(stash.octets(0, stash.size())));
                // From nobody, RFC 8098 3: so nobody is told of it in his turn.
                SubmissionEnvelope envelope = new SubmissionEnvelope(
                                Optional.empty(),
                                MailParameters.NONE,
                                to.stream().map(Recipient::new).toList(),
                                Json.NODES.objectNode())
                        .with(message.eightBit(), message.utf8Header());
                new Submitting(context, sending, rules).submit(envelope, message, (taken, handIn) -> handIn.make());
            } catch (BoundedStream.Full large) {
                throw new Refusal(SetError.TOO_LARGE);
            }
        }

        void imply(Map<String, ObjectNode> updates) {
            ObjectNode set = Json.NODES.objectNode();
            emails.forEach((id, email) -> set.withObjectProperty("update").set(email, updates.get("#" + id)));
            if (!set.isEmpty()) context.imply("Email/set", set.put("accountId", Id.account(account)));
        }

        ObjectNode answer() {
            ObjectNode json = Json.NODES.objectNode().put("accountId", Id.account(account));
            json.set("sent", orNull(sent));
            json.set("notSent", orNull(notSent));
            return json;
        }

        private static JsonNode orNull(ObjectNode json) {
            return json.isEmpty() ? Json.NODES.nullNode() : json;
        }
    }
}
