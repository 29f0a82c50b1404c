package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.posthorn.api.mail.Address;
import org.posthorn.jmap.Arguments;
import org.posthorn.jmap.Attempts;
import org.posthorn.jmap.ChangesRequest;
import org.posthorn.jmap.Context;
import org.posthorn.jmap.GetRequest;
import org.posthorn.jmap.Json;
import org.posthorn.jmap.Method;
import org.posthorn.jmap.MethodFault;
import org.posthorn.jmap.ObjectLog;
import org.posthorn.jmap.Patch;
import org.posthorn.jmap.Refusal;
import org.posthorn.jmap.SetAnswer;
import org.posthorn.jmap.SetError;
import org.posthorn.jmap.SetRequest;

/** {@code Identity/get}, {@code changes} and {@code set}, RFC 8621 6. */
record IdentityMethods(Identities identities) {

    private static final Set<String> PROPERTIES =
            Set.of("id", "name", "email", "replyTo", "bcc", "textSignature", "htmlSignature", "mayDelete");

    /** Of one account; more than anybody has. */
    private static final int MOST = 500;

    /** Characters of a text, and addresses in a list. */
    private static final int LONGEST = 1 << 16;

    private static final int MOST_ADDRESSES = 100;

    /** Octets of one, as JSON. */
    private static final int LARGEST = 1 << 18;

    Map<String, Method> all() {
        return Map.of("Identity/get", this::get, "Identity/changes", this::changes, "Identity/set", this::set);
    }

    private ObjectNode get(Context context, Arguments arguments) throws MethodFault, IOException {
        GetRequest request = GetRequest.of(context, arguments, PROPERTIES);
        arguments.end();
        ObjectLog log = identities.of(request.account());
        GetRequest.Answer answer = request.answer(Long.toString(log.state()));
        if (request.ids().isEmpty())
            Identities.all(log).forEach(e -> answer.list().add(shown(e, request)));
        for (String id : request.ids().orElse(List.of()))
            Identities.get(log, id).ifPresentOrElse(e -> answer.list().add(shown(e, request)), () -> answer.notFound()
                    .add(id));
        return answer.json();
    }

    private static ObjectNode shown(ObjectLog.Entry entry, GetRequest request) {
        ObjectNode shown = Json.NODES.objectNode().put("id", Identities.IDS.of(entry.number()));
        for (Map.Entry<String, JsonNode> one : entry.object().properties())
            if (request.wants(one.getKey(), true)) shown.set(one.getKey(), one.getValue());
        return shown;
    }

    private ObjectNode changes(Context context, Arguments arguments) throws MethodFault, IOException {
        ChangesRequest request = ChangesRequest.of(context, arguments);
        arguments.end();
        long since = ChangeList.since(request.sinceState());
        return ChangeList.answer(request, identities.of(request.account()).changes(since), Identities.IDS::of);
    }

    private ObjectNode set(Context context, Arguments arguments) throws MethodFault, IOException {
        SetRequest request = SetRequest.of(context, arguments);
        arguments.end();
        Attempts attempts = new Attempts("Identity/set", request.account(), Refusal::error);
        return attempts.answer(() -> {
            ObjectLog log = identities.of(request.account());
            SetAnswer answer = request.answer(Long.toString(log.state()));
            request.create()
                    .forEach((id, json) -> attempts.make(
                            id,
                            () -> answer.created(context, id, create(context.user(), log, json)),
                            error -> answer.notCreated(id, error)));
            request.update()
                    .forEach((id, patch) -> attempts.make(
                            id, () -> update(context, log, id, patch, answer), error -> answer.notUpdated(id, error)));
            for (String id : request.destroy())
                attempts.make(id, () -> destroy(context, log, id, answer), error -> answer.notDestroyed(id, error));
            identities.changed(request.account());
            return answer.json(Long.toString(log.state()));
        });
    }

    private ObjectNode create(Address user, ObjectLog log, ObjectNode json) throws Refusal, IOException {
        if (!json.path("email").isTextual()) throw Refusal.of("email", "email is missing");
        Optional<Address> email = Address.parse(json.path("email").textValue());
        if (email.isEmpty()) throw Refusal.of("email", "email is no address");
        for (String own : List.of("id", "mayDelete")) if (json.has(own)) throw Refusal.of(own, "The server sets it");
        if (!identities.accounts().maySend(user, email.get()))
            throw new Refusal(SetError.of("forbiddenFrom", email.get() + " is not your address"));
        if (log.size() >= MOST || log.full()) throw new Refusal(SetError.OVER_QUOTA);
        ObjectNode whole = Identities.identity("", true);
        whole.setAll(json);
        sound(whole);
        long number = log.add(whole);
        ObjectNode made = whole.deepCopy();
        made.remove(json.properties().stream().map(Map.Entry::getKey).toList());
        return made.put("id", Identities.IDS.of(number));
    }

    private static ObjectLog.Entry find(ObjectLog log, String id) throws Refusal {
        return Identities.get(log, id).orElseThrow(() -> new Refusal(SetError.NOT_FOUND));
    }

    private static void update(Context context, ObjectLog log, String given, ObjectNode patch, SetAnswer answer)
            throws Refusal, IOException {
        String id = context.resolved(given);
        ObjectNode before = find(log, id).object().deepCopy().put("id", id);
        ObjectNode after = Patch.applied(before, patch)
                .orElseThrow(() -> new Refusal(SetError.invalidPatch("Two paths meet, or one leads nowhere")));
        for (String fixed : List.of("id", "email", "mayDelete"))
            if (!before.get(fixed).equals(after.get(fixed))) throw Refusal.of(fixed, fixed + " never changes");
        // What a patch takes away is as it is in one that is new, RFC 8620 5.3.
        ObjectNode whole = Identities.identity("", true);
        after.remove("id");
        whole.setAll(after);
        sound(whole);
        if (log.full()) throw new Refusal(SetError.OVER_QUOTA);
        log.put(Identities.IDS.number(id), whole);
        answer.updated(id);
    }

    private static void destroy(Context context, ObjectLog log, String given, SetAnswer answer)
            throws Refusal, IOException {
        String id = context.resolved(given);
        if (!find(log, id).object().path("mayDelete").asBoolean())
            throw new Refusal(SetError.of("forbidden", "It goes with the address"));
        log.remove(Identities.IDS.number(id));
        answer.destroyed(id);
    }

    private static void sound(ObjectNode identity) throws Refusal, IOException {
        if (Json.octets(identity).length > LARGEST) throw new Refusal(SetError.TOO_LARGE);
        for (Map.Entry<String, JsonNode> one : identity.properties()) {
            JsonNode value = one.getValue();
            boolean sound =
                    switch (one.getKey()) {
                        case "name", "textSignature", "htmlSignature" ->
                            value.isTextual() && value.textValue().length() <= LONGEST;
                        case "replyTo", "bcc" -> value.isNull() || isAddresses(value);
                        case "email", "mayDelete" -> true;
                        default -> false;
                    };
            if (!sound) throw Refusal.of(one.getKey(), one.getKey() + " is not what an Identity has");
        }
    }

    /** EmailAddress[], RFC 8621 4.1.2.3. */
    private static boolean isAddresses(JsonNode list) {
        if (!list.isArray() || list.size() > MOST_ADDRESSES) return false;
        for (JsonNode one : list) {
            JsonNode name = one.path("name");
            boolean named = name.isMissingNode()
                    || name.isNull()
                    || name.isTextual() && name.textValue().length() <= LONGEST;
            boolean addressed = Address.parse(one.path("email").asText()).isPresent();
            if (!named || !addressed || !List.of("name", "email").containsAll(names(one))) return false;
        }
        return true;
    }

    private static List<String> names(JsonNode object) {
        return object.properties().stream().map(Map.Entry::getKey).toList();
    }
}
