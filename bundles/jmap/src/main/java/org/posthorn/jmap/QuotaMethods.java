package org.posthorn.jmap;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.posthorn.api.mail.Address;

/** What is done with Quotas, RFC 9425 4.2 to 4.5. */
final class QuotaMethods {

    private QuotaMethods() {}

    static Map<String, Method> all() {
        return Map.of(
                "Quota/get", QuotaMethods::get,
                "Quota/changes", QuotaMethods::changes,
                "Quota/query", QuotaMethods::query,
                "Quota/queryChanges", QuotaMethods::queryChanges);
    }

    private static ObjectNode get(Context context, Arguments arguments) throws MethodFault, IOException {
        GetRequest request = GetRequest.of(context, arguments, QuotaLimit.PROPERTIES);
        arguments.end();
        QuotaLimits now = QuotaLimits.of(context, request.account());
        GetRequest.Answer answer = request.answer(now.state());
        String name = request.account().toString();
        for (String id : request.ids().orElseGet(() -> List.copyOf(now.all().keySet()))) {
            Optional<QuotaLimit> found = now.find(id);
            if (found.isPresent()) answer.list().add(found.get().json(name, request));
            else answer.notFound().add(id);
        }
        return answer.json();
    }

    private static ObjectNode changes(Context context, Arguments arguments) throws MethodFault, IOException {
        ChangesRequest request = ChangesRequest.of(context, arguments);
        arguments.end();
        QuotaLimits before = at(request.sinceState());
        QuotaLimits now = QuotaLimits.of(context, request.account());
        QuotaLimits then = before.toward(now, request.maxChanges().orElse(Long.MAX_VALUE));
        List<String> created = then.all().keySet().stream()
                .filter(id -> before.find(id).isEmpty())
                .toList();
        List<String> destroyed = before.all().keySet().stream()
                .filter(id -> then.find(id).isEmpty())
                .toList();
        List<QuotaLimit> updated = then.values().stream()
                .filter(q ->
                        before.find(q.resourceType()).filter(b -> !b.equals(q)).isPresent())
                .toList();
        List<String> ids = updated.stream().map(QuotaLimit::resourceType).toList();
        ObjectNode answer = request.answer(then.state(), !then.equals(now), created, ids, destroyed);
        boolean usedAlone = updated.stream()
                .allMatch(q -> before.find(q.resourceType()).orElseThrow().hardLimit() == q.hardLimit());
        if (usedAlone && !updated.isEmpty())
            answer.putArray("updatedProperties").add("used");
        else answer.putNull("updatedProperties");
        return answer;
    }

    private static QuotaLimits at(String state) throws MethodFault {
        return QuotaLimits.at(state).orElseThrow(() -> new MethodFault(MethodError.CANNOT_CALCULATE_CHANGES));
    }

    private static ObjectNode query(Context context, Arguments arguments) throws MethodFault, IOException {
        QueryRequest request = QueryRequest.of(context, arguments);
        arguments.end();
        QuotaLimits now = QuotaLimits.of(context, request.account());
        List<String> ids =
                search(request.account(), request.filter(), request.sort()).ids(now);
        return request.answer(now.state(), true, ids, context.limits().objectsInGet());
    }

    private static QuotaSearch search(Address account, Optional<Filter> filter, List<Sort> sort) throws MethodFault {
        return QuotaSearch.of(account.toString(), filter, sort);
    }

    /** What was found is told anew as a whole, if it is not the same in the same order: there are two at most. */
    private static ObjectNode queryChanges(Context context, Arguments arguments) throws MethodFault, IOException {
        QueryChangesRequest request = QueryChangesRequest.of(context, arguments);
        arguments.end();
        QuotaSearch search = search(request.account(), request.filter(), request.sort());
        QuotaLimits now = QuotaLimits.of(context, request.account());
        List<String> before = search.ids(at(request.sinceQueryState()));
        List<String> found = search.ids(now);
        ObjectNode json = Json.NODES.objectNode();
        json.put("accountId", Id.account(request.account()));
        json.put("oldQueryState", request.sinceQueryState()).put("newQueryState", now.state());
        if (request.calculateTotal()) json.put("total", found.size());
        ArrayNode removed = json.putArray("removed");
        ArrayNode added = json.putArray("added");
        if (!before.equals(found)) {
            before.forEach(removed::add);
            for (String id : found) added.addObject().put("id", id).put("index", found.indexOf(id));
        }
        if (removed.size() + added.size() > request.maxChanges().orElse(Long.MAX_VALUE))
            throw new MethodFault(MethodError.TOO_MANY_CHANGES);
        return json;
    }
}
