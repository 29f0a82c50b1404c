package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Clock;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.posthorn.api.mailbox.Email;
import org.posthorn.jmap.Arguments;
import org.posthorn.jmap.Attempts;
import org.posthorn.jmap.Context;
import org.posthorn.jmap.Json;
import org.posthorn.jmap.Method;
import org.posthorn.jmap.MethodFault;
import org.posthorn.jmap.Refusal;
import org.posthorn.jmap.SetAnswer;
import org.posthorn.jmap.SetError;
import org.posthorn.jmap.SetRequest;

/** {@code Email/set}, RFC 8621 4.6. */
record EmailSet(Digests digests, Clock clock, Snoozes snoozes) implements Method {

    /** So often an Email is looked for that other sessions move at the same time. */
    private static final int TRIES = 5;

    @Override
    public ObjectNode call(Context context, Arguments arguments) throws MethodFault, IOException {
        SetRequest request = SetRequest.of(context, arguments);
        arguments.end();
        Attempts attempts = new Attempts("Email/set", request.account(), Refusal::error);
        return attempts.answer(() -> {
            MailView mail = MailView.of(context, request.account(), digests);
            SetAnswer answer = request.answer(mail.state());
            EmailCreation creation = new EmailCreation(context, request.account(), mail, clock);
            request.create()
                    .forEach((id, json) -> attempts.make(
                            id,
                            () -> answer.created(context, id, creation.draft(json)),
                            error -> answer.notCreated(id, error)));
            EmailSnooze snooze = new EmailSnooze(snoozes, context, request.account(), mail);
            new Changes(context, mail, snooze, request, answer, attempts).all();
            return answer.json(mail.state());
        });
    }

    /** What is done to Emails that there are. */
    private record Changes(
            Context context,
            MailView mail,
            EmailSnooze snooze,
            SetRequest request,
            SetAnswer answer,
            Attempts attempts) {

        /** One change. */
        private interface Change {
            /** @return whether the Email was as it was said to be; if not, nothing is done */
            boolean of(Email email) throws Refusal, IOException;
        }

        void all() throws IOException {
            Set<String> going =
                    request.destroy().stream().map(context::resolved).collect(Collectors.toSet());
            Set<String> ids = new HashSet<>(going);
            request.update().keySet().forEach(id -> ids.add(context.resolved(id)));
            Map<String, Email> emails = mail.emails(ids);
            Set<String> done = changedAlike(emails, going);
            request.update()
                    .forEach((id, patch) -> attempts.make(
                            id, () -> update(id, patch, emails, going, done), error -> answer.notUpdated(id, error)));
            Set<String> gone = destroyedAlike(emails, going);
            for (String id : request.destroy())
                attempts.make(id, () -> destroy(id, emails, gone), error -> answer.notDestroyed(id, error));
        }

        /** @return the ids of those that are as they are to be, each for one of the keys that it goes by */
        private Set<String> changedAlike(Map<String, Email> emails, Set<String> going) {
            Alike alike = new Alike(mail);
            Set<String> met = new HashSet<>(going);
            request.update().forEach((given, patch) -> {
                String id = context.resolved(given);
                if (emails.containsKey(id) && met.add(id)) plan(alike, emails.get(id), patch);
            });
            return alike.make(emails);
        }

        private void plan(Alike alike, Email email, ObjectNode patch) {
            try {
                alike.place(email, EmailUpdate.of(context, mail, email, patch));
            } catch (Refusal | IOException | RuntimeException fault) {
                // It is met again, and told, when this one has its turn.
            }
        }

        private Set<String> destroyedAlike(Map<String, Email> emails, Set<String> going) {
            Alike alike = new Alike(mail);
            for (String id : going) if (emails.containsKey(id)) alike.destroy(emails.get(id));
            return alike.make(emails);
        }

        /** @param done what is taken out of it need not be changed any more */
        private void update(
                String given, ObjectNode patch, Map<String, Email> emails, Set<String> going, Set<String> done)
                throws Refusal, IOException {
            String id = context.resolved(given);
            if (emails.containsKey(id) && going.contains(id)) throw new Refusal(SetError.WILL_DESTROY);
            ObjectNode told = Json.NODES.objectNode();
            if (!done.remove(id)) change(id, emails, email -> snooze.update(email, patch, told));
            if (told.isEmpty()) answer.updated(id);
            else answer.updated(id, told);
        }

        private void destroy(String given, Map<String, Email> emails, Set<String> done) throws Refusal, IOException {
            String id = context.resolved(given);
            if (!done.remove(id)) change(id, emails, email -> Relocation.destroy(mail, email));
            answer.destroyed(id);
        }

        /** @param emails as they are; without those that may have changed afterwards */
        private void change(String id, Map<String, Email> emails, Change change) throws Refusal, IOException {
            Optional<Email> email = Optional.ofNullable(emails.remove(id));
            if (email.isEmpty()) email = mail.email(id);
            for (int i = 0; i < TRIES && email.isPresent(); i++) {
                if (change.of(email.get())) return;
                email = mail.email(id);
            }
            throw new Refusal(
                    email.isEmpty()
                            ? SetError.NOT_FOUND
                            : SetError.of("serverFail", "Other sessions keep moving it; try again"));
        }
    }
}
