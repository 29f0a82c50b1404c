package org.posthorn.jmap;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.posthorn.api.mail.Address;

/**
 * The arguments of Foo/get, RFC 8620 5.1.
 *
 * @param ids each once; empty for all that there are
 * @param properties those that are asked for, {@code id} among them; empty for those that the data type tells of itself
 */
public record GetRequest(Address account, Optional<List<String>> ids, Optional<Set<String>> properties) {

    /** @param known names of properties; more than these is refused */
    public static GetRequest of(Context context, Arguments arguments, Set<String> known) throws MethodFault {
        GetRequest request = of(context, arguments);
        for (String property : request.properties.orElse(Set.of()))
            if (!known.contains(property)) throw MethodFault.invalid("There is no property " + property);
        return request;
    }

    /** For data types with properties whose names are not a closed set. */
    public static GetRequest of(Context context, Arguments arguments) throws MethodFault {
        return of(context, arguments, context.account(arguments));
    }

    /** Of what belongs to no account, but to the user himself. */
    static GetRequest ofUser(Context context, Arguments arguments) throws MethodFault {
        return of(context, arguments, context.user());
    }

    private static GetRequest of(Context context, Arguments arguments, Address account) throws MethodFault {
        Optional<List<String>> ids =
                arguments.strings("ids").map(all -> List.copyOf(new LinkedHashSet<>(resolved(context, all))));
        if (ids.isPresent() && ids.get().size() > context.limits().objectsInGet())
            throw new MethodFault(MethodError.REQUEST_TOO_LARGE);
        Optional<Set<String>> properties = arguments.strings("properties").map(LinkedHashSet::new);
        properties.ifPresent(all -> all.add("id"));
        return new GetRequest(account, ids, properties);
    }

    private static List<String> resolved(Context context, List<String> ids) {
        return ids.stream().map(context::resolved).toList();
    }

    /** Whether that property is to be told. @param otherwise if none are named */
    public boolean wants(String property, boolean otherwise) {
        return properties.map(all -> all.contains(property)).orElse(otherwise);
    }

    /** The response, without objects so far. */
    public Answer answer(String state) {
        ObjectNode json = Json.NODES.objectNode();
        json.put("accountId", Id.account(account)).put("state", state);
        return new Answer(json, json.putArray("list"), json.putArray("notFound"));
    }

    /** What Foo/get tells. */
    public record Answer(ObjectNode json, ArrayNode list, ArrayNode notFound) {}
}
