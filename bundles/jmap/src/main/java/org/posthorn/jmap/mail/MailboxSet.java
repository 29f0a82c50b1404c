package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.posthorn.api.mailbox.MailboxFault;
import org.posthorn.jmap.Arguments;
import org.posthorn.jmap.Attempts;
import org.posthorn.jmap.Context;
import org.posthorn.jmap.Method;
import org.posthorn.jmap.MethodFault;
import org.posthorn.jmap.SetAnswer;
import org.posthorn.jmap.SetError;
import org.posthorn.jmap.SetRequest;

/** {@code Mailbox/set}, RFC 8621 2.5. What counts is how all are at its end (RFC 8620 5.3): what is refused at first is tried once more when the rest is done. */
final class MailboxSet implements Method {

    @Override
    public ObjectNode call(Context context, Arguments arguments) throws MethodFault, IOException {
        // To what others share one subscribes for oneself.
        SetRequest request = SetRequest.ofAny(context, arguments);
        boolean withEmails = arguments.bool("onDestroyRemoveEmails", false);
        arguments.end();
        Attempts attempts = new Attempts("Mailbox/set", request.account(), MailboxSet::error);
        return attempts.answer(() -> {
            SetAnswer answer =
                    request.answer(Folders.of(context, request.account()).state());
            MailboxChange change = new MailboxChange(context, request.account(), answer);
            round(request, change, attempts, withEmails);
            if (answer.isPart()) {
                answer.again();
                round(request, change, attempts, withEmails);
            }
            return answer.json(change.folders().state());
        });
    }

    /** All that is not done yet. */
    private static void round(SetRequest request, MailboxChange change, Attempts attempts, boolean withEmails)
            throws IOException, MethodFault {
        SetAnswer answer = change.answer();
        create(request, answer, change, attempts);
        Context context = change.context();
        Map<String, ObjectNode> update = new LinkedHashMap<>();
        request.update().forEach((id, patch) -> update.put(context.resolved(id), patch));
        update.keySet().removeIf(answer::hasUpdated);
        update.keySet().stream()
                .filter(answer::hasDestroyed)
                .forEach(id -> answer.notUpdated(id, SetError.WILL_DESTROY));
        update.keySet().removeIf(answer::hasDestroyed);
        new MailboxUpdates(context, request.account(), answer, attempts).all(update);
        List<String> destroy = new ArrayList<>(
                request.destroy().stream().map(context::resolved).toList());
        destroy.removeIf(answer::hasDestroyed);
        for (String id : deepestFirst(destroy, change.folders()))
            attempts.make(id, () -> change.destroy(id, withEmails), error -> answer.notDestroyed(id, error));
    }

    /** Those that others are to lie in come first, in whatever order the client has them. */
    private static void create(SetRequest request, SetAnswer answer, MailboxChange change, Attempts attempts) {
        Map<String, ObjectNode> waiting = new LinkedHashMap<>(request.create());
        waiting.keySet().removeIf(answer::hasCreated);
        while (!waiting.isEmpty()) {
            String next = waiting.keySet().stream()
                    .filter(id -> !waiting.containsKey(parentCreation(waiting.get(id))))
                    .findFirst()
                    .orElseGet(() -> waiting.keySet().iterator().next());
            ObjectNode json = waiting.remove(next);
            attempts.make(next, () -> change.create(next, json), error -> answer.notCreated(next, error));
        }
    }

    private static String parentCreation(ObjectNode json) {
        String parent = json.path("parentId").asText();
        return parent.startsWith("#") ? parent.substring(1) : "";
    }

    private static List<String> deepestFirst(List<String> ids, Folders folders) {
        Comparator<String> byDepth = Comparator.comparingInt(
                id -> folders.find(id).map(f -> f.path().length()).orElse(0));
        return ids.stream().sorted(byDepth.reversed()).toList();
    }

    private static SetError error(MailboxFault fault) {
        return switch (fault.kind()) {
            case ALREADYEXISTS -> SetError.invalidProperties(fault.getMessage(), "name");
            case NONEXISTENT -> SetError.NOT_FOUND;
            case OVERQUOTA, LIMIT -> SetError.of("overQuota", fault.getMessage());
            default -> SetError.of("forbidden", fault.getMessage());
        };
    }
}
