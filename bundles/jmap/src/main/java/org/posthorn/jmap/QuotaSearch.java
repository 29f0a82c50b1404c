package org.posthorn.jmap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** What a Quota/query looks for, and in which order, RFC 9425 4.4. */
record QuotaSearch(Predicate<QuotaLimit> wanted, Comparator<QuotaLimit> order) {

    /** @param name of all quotas of the account */
    static QuotaSearch of(String name, Optional<Filter> filter, List<Sort> sort) throws MethodFault {
        Predicate<QuotaLimit> wanted = filter.isEmpty()
                ? quota -> true
                : Filter.predicate(filter.get(), condition -> condition(name, condition));
        Comparator<QuotaLimit> order = (a, b) -> 0;
        for (Sort by : sort) order = order.thenComparing(order(by));
        return new QuotaSearch(wanted, order);
    }

    private static Comparator<QuotaLimit> order(Sort by) throws MethodFault {
        Comparator<QuotaLimit> order =
                switch (by.property()) {
                    case "used" -> Comparator.comparingLong(QuotaLimit::used);
                    // They have one name.
                    case "name" -> (a, b) -> 0;
                    default -> throw new MethodFault(MethodError.UNSUPPORTED_SORT);
                };
        return by.ascending() ? order : order.reversed();
    }

    private static Predicate<QuotaLimit> condition(String name, ObjectNode json) throws MethodFault {
        Predicate<QuotaLimit> all = quota -> true;
        for (Map.Entry<String, JsonNode> property : json.properties()) {
            if (!property.getValue().isTextual()) throw MethodFault.invalid(property.getKey() + " is no string");
            all = all.and(condition(name, property.getKey(), property.getValue().textValue()));
        }
        return all;
    }

    private static Predicate<QuotaLimit> condition(String name, String property, String value) throws MethodFault {
        return switch (property) {
            case "name" -> quota -> name.contains(value);
            case "scope" -> quota -> QuotaLimit.SCOPE.equals(value);
            case "resourceType" -> quota -> quota.resourceType().equals(value);
            case "type" -> quota -> QuotaLimit.TYPES.contains(value);
            default -> throw new MethodFault(MethodError.UNSUPPORTED_FILTER);
        };
    }

    /** Those of these that are found. */
    List<String> ids(QuotaLimits quotas) {
        return quotas.values().stream()
                .filter(wanted)
                .sorted(order)
                .map(QuotaLimit::resourceType)
                .toList();
    }
}
