package org.posthorn.jmap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.posthorn.api.mail.Address;

/**
 * {@code PushSubscription/get} and {@code PushSubscription/set}, RFC 8620 7.2.1 and 7.2.2: they know no account and no state. A user sees those alone that were made with what he is logged in with
 * now.
 *
 * @param changed is told of users whose subscriptions are others
 */
record PushMethods(PushSubscriptions all, PushCredentials credentials, PushDraft drafts, Consumer<Address> changed) {

    private static final List<String> OF_ACCOUNTS = List.of("accountId", "state", "oldState", "newState");

    Map<String, Method> methods() {
        return Map.of("PushSubscription/get", this::get, "PushSubscription/set", this::set);
    }

    private ObjectNode get(Context context, Arguments arguments) throws MethodFault, IOException {
        GetRequest request = GetRequest.ofUser(context, arguments);
        arguments.end();
        Set<String> wanted = request.properties().orElse(PushSubscription.TOLD);
        for (String property : wanted) {
            if (PushSubscription.PRIVATE.contains(property)) throw new MethodFault(MethodError.FORBIDDEN);
            if (!PushSubscription.TOLD.contains(property))
                throw MethodFault.invalid("There is no property " + property);
        }
        GetRequest.Answer answer = request.answer("");
        Set<String> missing = new HashSet<>(request.ids().orElse(List.of()));
        for (PushSubscription one : own(context)) {
            if (request.ids().isPresent() && !missing.remove(one.id())) continue;
            answer.list().add(one.shown(wanted));
        }
        missing.forEach(answer.notFound()::add);
        return answer.json().remove(OF_ACCOUNTS);
    }

    private List<PushSubscription> own(Context context) throws IOException {
        String credential;
        try {
            credential = credentials.of(context.asker());
        } catch (IllegalArgumentException none) {
            return List.of();
        }
        return all.of(context.user()).stream()
                .filter(s -> s.credential().equals(credential) && !s.over(drafts.now()))
                .toList();
    }

    private ObjectNode set(Context context, Arguments arguments) throws MethodFault, IOException {
        SetRequest request = SetRequest.ofUser(context, arguments);
        arguments.end();
        Attempts attempts = new Attempts("PushSubscription/set", context.user(), Refusal::error);
        ObjectNode json = attempts.answer(() -> {
            SetAnswer answer = request.answer("");
            request.create()
                    .forEach((id, given) -> attempts.make(
                            id,
                            () -> answer.created(context, id, create(context, given)),
                            error -> answer.notCreated(id, error)));
            request.update()
                    .forEach((id, patch) -> attempts.make(
                            id, () -> update(context, id, patch, answer), error -> answer.notUpdated(id, error)));
            for (String id : request.destroy())
                attempts.make(
                        id,
                        () -> {
                            PushSubscription gone = find(context, id);
                            all.remove(gone);
                            answer.destroyed(gone.id());
                        },
                        error -> answer.notDestroyed(id, error));
            return answer.json("");
        });
        changed.accept(context.user());
        return json.remove(OF_ACCOUNTS);
    }

    private PushSubscription find(Context context, String given) throws IOException, Refusal {
        String id = context.resolved(given);
        return own(context).stream()
                .filter(s -> s.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new Refusal(SetError.NOT_FOUND));
    }

    /** What it is told of the new one: what the server has set, or the client has left out. */
    private ObjectNode create(Context context, ObjectNode given) throws IOException, Refusal {
        drafts.pace(context.user());
        ObjectNode whole = drafts.created(given, context.asker().login().by());
        try {
            whole.put("credential", credentials.checked(context.asker()));
        } catch (IllegalArgumentException e) {
            throw new Refusal(SetError.of("forbidden", e.getMessage()));
        }
        PushSubscription made;
        synchronized (all) {
            drafts.room(all.of(context.user()));
            made = all.add(context.user(), whole);
        }
        ObjectNode told = made.shown(Set.of("expires", "types", "verificationCode"));
        if (!whole.path("keys").isObject()) told.putNull("keys");
        for (Map.Entry<String, JsonNode> one : given.properties())
            if (one.getValue().equals(told.get(one.getKey()))) told.remove(one.getKey());
        return told;
    }

    private void update(Context context, String id, ObjectNode patch, SetAnswer answer) throws IOException, Refusal {
        PushSubscription after;
        // Of two at once the later one makes what it wants of what the other has made.
        synchronized (all) {
            after = drafts.updated(
                    find(context, id), patch, context.asker().login().by());
            all.put(after);
        }
        JsonNode expires = after.json().path("expires");
        if (!patch.has("expires") || patch.get("expires").equals(expires)) answer.updated(id);
        else answer.updated(id, Json.NODES.objectNode().set("expires", expires));
    }
}
