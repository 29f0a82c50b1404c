package org.posthorn.jmap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/** What is done with Principals, RFC 9670 2. They are what lists of rights and users are: nobody makes or changes them here. */
final class PrincipalMethods {

    private static final Set<String> PROPERTIES =
            Set.of("id", "type", "name", "description", "email", "timeZone", "capabilities", "accounts");

    private static final int MOST_CONDITIONS = 100;

    private PrincipalMethods() {}

    static Map<String, Method> all() {
        return Map.of(
                "Principal/get", PrincipalMethods::get,
                "Principal/changes", PrincipalMethods::changes,
                "Principal/query", PrincipalMethods::query,
                "Principal/queryChanges", PrincipalMethods::queryChanges,
                "Principal/set", PrincipalMethods::set);
    }

    private static ObjectNode get(Context context, Arguments arguments) throws MethodFault, IOException {
        GetRequest request = GetRequest.of(context, arguments, PROPERTIES);
        arguments.end();
        Principals principals = Principals.of(context);
        List<String> ids =
                request.ids().orElseGet(() -> List.copyOf(principals.known().keySet()));
        if (ids.size() > context.limits().objectsInGet()) throw new MethodFault(MethodError.REQUEST_TOO_LARGE);
        GetRequest.Answer answer = request.answer(principals.state());
        for (String id : ids) {
            Optional<Principal> found = principals.find(id);
            if (found.isEmpty()) answer.notFound().add(id);
            else {
                ObjectNode json = principals.json(found.get());
                request.properties().ifPresent(json::retain);
                answer.list().add(json);
            }
        }
        return answer.json();
    }

    /** Nothing is kept of whom somebody knew before. */
    private static ObjectNode changes(Context context, Arguments arguments) throws MethodFault, IOException {
        ChangesRequest request = ChangesRequest.of(context, arguments);
        arguments.end();
        String state = Principals.of(context).state();
        if (!state.equals(request.sinceState())) throw new MethodFault(MethodError.CANNOT_CALCULATE_CHANGES);
        return request.answer(state, false, List.of(), List.of(), List.of());
    }

    private static ObjectNode queryChanges(Context context, Arguments arguments) throws MethodFault {
        QueryChangesRequest.of(context, arguments);
        arguments.end();
        throw new MethodFault(MethodError.CANNOT_CALCULATE_CHANGES);
    }

    private static ObjectNode query(Context context, Arguments arguments) throws MethodFault, IOException {
        QueryRequest request = QueryRequest.of(context, arguments);
        arguments.end();
        Comparator<ObjectNode> order = order(request.sort());
        Principals principals = Principals.of(context);
        Map<String, Principal> all = new TreeMap<>(principals.known());
        if (request.filter().isPresent())
            for (String address : addresses(request.filter().get()))
                principals.at(address).ifPresent(one -> all.put(one.id(), one));
        Predicate<ObjectNode> wanted = request.filter().isEmpty()
                ? one -> true
                : Filter.predicate(request.filter().get(), PrincipalMethods::condition);
        List<ObjectNode> found = new ArrayList<>();
        for (Principal one : all.values()) found.add(principals.json(one));
        found.removeIf(wanted.negate());
        found.sort(order);
        List<String> ids = found.stream().map(one -> one.path("id").textValue()).toList();
        return request.answer(principals.state(), false, ids, context.limits().objectsInGet());
    }

    /** By name, if nothing else is asked for or tells two apart. */
    private static Comparator<ObjectNode> order(List<Sort> sort) throws MethodFault {
        Comparator<ObjectNode> order = (a, b) -> 0;
        for (Sort by : sort) {
            if (!Set.of("name", "email").contains(by.property())) throw new MethodFault(MethodError.UNSUPPORTED_SORT);
            Comparator<ObjectNode> next = by(by.property());
            order = order.thenComparing(by.ascending() ? next : next.reversed());
        }
        return order.thenComparing(by("name")).thenComparing(by("id"));
    }

    private static Comparator<ObjectNode> by(String property) {
        return Comparator.comparing(one -> one.path(property).asText("").toLowerCase(Locale.ROOT));
    }

    /** What is asked for as an address. @throws MethodFault unsupportedFilter when it is very much */
    private static Set<String> addresses(Filter filter) throws MethodFault {
        Set<String> all = new HashSet<>();
        if (filter instanceof Filter.Condition condition) {
            for (String property : List.of("email", "text")) {
                JsonNode given = condition.properties().path(property);
                if (given.isTextual()) all.add(given.textValue());
            }
        } else for (Filter part : ((Filter.Operator) filter).filters()) all.addAll(addresses(part));
        if (all.size() > MOST_CONDITIONS) throw new MethodFault(MethodError.UNSUPPORTED_FILTER);
        return all;
    }

    private static Predicate<ObjectNode> condition(ObjectNode json) throws MethodFault {
        Predicate<ObjectNode> all = one -> true;
        for (Map.Entry<String, JsonNode> property : json.properties())
            all = all.and(condition(property.getKey(), property.getValue()));
        return all;
    }

    private static Predicate<ObjectNode> condition(String property, JsonNode value) throws MethodFault {
        return switch (property) {
            case "accountIds" -> hasAccount(value);
            case "email", "name" -> contains(value, List.of(property));
            case "text" -> contains(value, List.of("name", "email", "description"));
            case "type", "timeZone" -> is(value, property);
            default -> throw new MethodFault(MethodError.UNSUPPORTED_FILTER);
        };
    }

    private static Predicate<ObjectNode> hasAccount(JsonNode ids) throws MethodFault {
        if (!ids.isArray()) throw MethodFault.invalid("accountIds is no array");
        for (JsonNode id : ids) text(id);
        return one -> {
            for (JsonNode id : ids) if (one.path("accounts").has(id.asText())) return true;
            return false;
        };
    }

    private static Predicate<ObjectNode> contains(JsonNode value, List<String> properties) throws MethodFault {
        String wanted = text(value).toLowerCase(Locale.ROOT);
        return one -> properties.stream()
                .anyMatch(p -> one.path(p).asText("").toLowerCase(Locale.ROOT).contains(wanted));
    }

    private static Predicate<ObjectNode> is(JsonNode value, String property) throws MethodFault {
        String wanted = text(value);
        return one -> wanted.equals(one.path(property).textValue());
    }

    private static String text(JsonNode value) throws MethodFault {
        if (!value.isTextual()) throw MethodFault.invalid("It is no string");
        return value.textValue();
    }

    private static ObjectNode set(Context context, Arguments arguments) throws MethodFault, IOException {
        SetRequest request = SetRequest.of(context, arguments);
        arguments.end();
        String state = Principals.of(context).state();
        SetAnswer answer = request.answer(state);
        request.create().keySet().forEach(id -> answer.notCreated(id, SetError.FORBIDDEN));
        request.update().keySet().forEach(id -> answer.notUpdated(id, SetError.FORBIDDEN));
        request.destroy().forEach(id -> answer.notDestroyed(id, SetError.FORBIDDEN));
        return answer.json(state);
    }
}
