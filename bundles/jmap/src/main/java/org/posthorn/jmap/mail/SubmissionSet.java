package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.posthorn.api.queue.UnsentMail;
import org.posthorn.jmap.Arguments;
import org.posthorn.jmap.Attempts;
import org.posthorn.jmap.Context;
import org.posthorn.jmap.Id;
import org.posthorn.jmap.Json;
import org.posthorn.jmap.Method;
import org.posthorn.jmap.MethodFault;
import org.posthorn.jmap.ObjectLog;
import org.posthorn.jmap.Refusal;
import org.posthorn.jmap.SetAnswer;
import org.posthorn.jmap.SetError;
import org.posthorn.jmap.SetRequest;

/** {@code EmailSubmission/set}, RFC 8621 7.5. */
record SubmissionSet(
        Submissions submissions, Identities identities, Sending sending, ScheduledMail scheduled, Digests digests)
        implements Method {

    @Override
    public ObjectNode call(Context context, Arguments arguments) throws MethodFault, IOException {
        SetRequest request = SetRequest.of(context, arguments);
        Map<String, ObjectNode> updates = arguments.objects("onSuccessUpdateEmail");
        List<String> destroys = arguments.strings("onSuccessDestroyEmail").orElse(List.of());
        arguments.end();
        Attempts attempts = new Attempts("EmailSubmission/set", request.account(), Refusal::error);
        return attempts.answer(() -> {
            ObjectLog log = submissions.of(request.account());
            SetAnswer answer = request.answer(Long.toString(log.state()));
            Work work = new Work(context, request, answer, attempts, log);
            work.all();
            work.imply(updates, destroys);
            return answer.json(Long.toString(log.state()));
        });
    }

    /** One call. */
    private final class Work {
        private final Context context;
        private final SetRequest request;
        private final SetAnswer answer;
        private final Attempts attempts;
        private final ObjectLog log;
        /** The Emails of those submissions with which all went well, by the submission's id, or {@code #} and its creation id. */
        private final Map<String, String> emails = new HashMap<>();

        Work(Context context, SetRequest request, SetAnswer answer, Attempts attempts, ObjectLog log) {
            this.context = context;
            this.request = request;
            this.answer = answer;
            this.attempts = attempts;
            this.log = log;
        }

        void all() {
            SubmissionCreation creation = new SubmissionCreation(
                    context, request.account(), submissions, identities, sending, scheduled, digests);
            request.create()
                    .forEach((id, json) -> attempts.make(
                            id,
                            () -> {
                                ObjectNode made = creation.create(json);
                                emails.put("#" + id, made.path("emailId").asText());
                                emails.put(
                                        made.path("id").asText(),
                                        made.path("emailId").asText());
                                // What the client has set it knows.
                                made.remove(List.of("identityId", "emailId"));
                                if (json.path("envelope").isObject()) made.remove("envelope");
                                answer.created(context, id, made);
                            },
                            error -> answer.notCreated(id, error)));
            request.update()
                    .forEach((id, patch) ->
                            attempts.make(id, () -> update(id, patch), error -> answer.notUpdated(id, error)));
            for (String id : request.destroy())
                attempts.make(id, () -> destroy(id), error -> answer.notDestroyed(id, error));
        }

        private SubmissionRecord find(String id) throws Refusal {
            return log.get(SubmissionRecord.IDS.number(id))
                    .map(e -> new SubmissionRecord(e.object()))
                    .orElseThrow(() -> new Refusal(SetError.NOT_FOUND));
        }

        /** Only undoStatus can be changed, and only from pending to canceled. */
        private void update(String given, ObjectNode patch) throws Refusal, IOException, MethodFault {
            String id = context.resolved(given);
            SubmissionRecord one = find(id);
            boolean cancel = false;
            for (Map.Entry<String, JsonNode> change : patch.properties()) {
                boolean same = change.getValue()
                        .equals(one.shown(SubmissionRecord.IDS.number(id), SubmissionRecord.PROPERTIES)
                                .get(change.getKey()));
                boolean undo = change.getKey().equals("undoStatus")
                        && change.getValue().asText().equals("canceled");
                cancel |= undo && !same;
                if (!undo && !same)
                    throw Refusal.of(change.getKey(), "Of what is sent only undoStatus changes, to canceled");
            }
            // Last: nothing brings it back.
            if (cancel) cancel(SubmissionRecord.IDS.number(id), one);
            emails.put(id, one.text("emailId"));
            answer.updated(id);
        }

        private void cancel(long number, SubmissionRecord one) throws Refusal, IOException, MethodFault {
            UnsentMail queue = context.lease(sending.queues());
            if (!submissions.cancel(request.account(), number, queue))
                throw new Refusal(SetError.of("cannotUnsend", "It is on its way"));
            scheduled.cancel(request.account(), one.text("emailId"), one.sendAt());
        }

        private void destroy(String given) throws Refusal, IOException {
            String id = context.resolved(given);
            SubmissionRecord one = find(id);
            submissions.remove(request.account(), SubmissionRecord.IDS.number(id));
            emails.put(id, one.text("emailId"));
            answer.destroyed(id);
        }

        /** One Email/set behind this call, RFC 8621 7.5. */
        void imply(Map<String, ObjectNode> updates, List<String> destroys) {
            ObjectNode set = Json.NODES.objectNode();
            updates.forEach((id, patch) -> email(id)
                    .ifPresent(email -> set.withObjectProperty("update").set(email, patch)));
            destroys.forEach(id -> email(id)
                    .ifPresent(email -> set.withArrayProperty("destroy").add(email)));
            if (!set.isEmpty()) context.imply("Email/set", set.put("accountId", Id.account(request.account())));
        }

        private Optional<String> email(String id) {
            return Optional.ofNullable(emails.get(id)).or(() -> Optional.ofNullable(emails.get(context.resolved(id))));
        }
    }
}
