package org.posthorn.jmap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.posthorn.api.mail.Address;

/**
 * The arguments of Foo/query, RFC 8620 5.5.
 *
 * @param position of the first that is told; below 0 from the end
 * @param anchorOffset where the first stands, from the anchor; below 0 before it
 */
public record QueryRequest(
        Address account,
        Optional<Filter> filter,
        List<Sort> sort,
        long position,
        Optional<String> anchor,
        long anchorOffset,
        OptionalLong limit,
        boolean calculateTotal) {

    private static final int MOST_COMPARATORS = 10;

    /** Those that the session names, and the server's own choice. */
    private static final List<String> COLLATIONS = List.of("", "i;ascii-casemap", "i;unicode-casemap");

    public static QueryRequest of(Context context, Arguments arguments) throws MethodFault {
        Address account = context.account(arguments);
        return new QueryRequest(
                account,
                filter(arguments),
                sort(arguments),
                arguments.integer("position", 0),
                arguments.optionalString("anchor"),
                arguments.integer("anchorOffset", 0),
                arguments.unsigned("limit"),
                arguments.bool("calculateTotal", false));
    }

    static Optional<Filter> filter(Arguments arguments) throws MethodFault {
        Optional<ObjectNode> filter = arguments.object("filter");
        return filter.isEmpty() ? Optional.empty() : Optional.of(Filter.of(filter.get()));
    }

    static List<Sort> sort(Arguments arguments) throws MethodFault {
        List<JsonNode> comparators = arguments.array("sort").orElse(List.of());
        if (comparators.size() > MOST_COMPARATORS) throw new MethodFault(MethodError.UNSUPPORTED_SORT);
        List<Sort> sort = new ArrayList<>();
        for (JsonNode comparator : comparators) {
            Sort by = Sort.of(comparator);
            if (!COLLATIONS.contains(by.collation())) throw new MethodFault(MethodError.UNSUPPORTED_SORT);
            sort.add(by);
        }
        return sort;
    }

    /**
     * The response.
     *
     * @param ids all that are found, in their order
     * @param most so many the server tells at a time
     */
    public ObjectNode answer(String queryState, boolean canCalculateChanges, List<String> ids, int most)
            throws MethodFault {
        int from = from(ids);
        long asked = limit.orElse(Long.MAX_VALUE);
        int to = (int) Math.min(ids.size(), from + Math.min(asked, most));
        ObjectNode json = Json.NODES.objectNode();
        json.put("accountId", Id.account(account)).put("queryState", queryState);
        json.put("canCalculateChanges", canCalculateChanges).put("position", from);
        ids.subList(from, to).forEach(json.putArray("ids")::add);
        if (calculateTotal) json.put("total", ids.size());
        // Told only where the server has set one, or a lower one.
        if (asked > most) json.put("limit", most);
        return json;
    }

    private int from(List<String> ids) throws MethodFault {
        long from = position < 0 ? Math.max(0, ids.size() + position) : position;
        if (anchor.isPresent()) {
            int place = ids.indexOf(anchor.get());
            if (place < 0) throw new MethodFault(MethodError.ANCHOR_NOT_FOUND);
            from = Math.max(0, place + anchorOffset);
        }
        return (int) Math.min(from, ids.size());
    }
}
