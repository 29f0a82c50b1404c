package org.posthorn.jmap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/** Which objects a query finds, RFC 8620 5.5: conditions of the data type, and what joins them. */
public sealed interface Filter {

    /** How the filters in an operator are joined. */
    enum Join {
        AND,
        OR,
        /** None of them. */
        NOT
    }

    /** Several joined. */
    record Operator(Join join, List<Filter> filters) implements Filter {}

    /** One of the data type's. */
    record Condition(ObjectNode properties) implements Filter {}

    static Filter of(JsonNode json) throws MethodFault {
        if (!(json instanceof ObjectNode object)) throw MethodFault.invalid("A filter is an object");
        if (!object.has("operator")) return new Condition(object);
        JsonNode conditions = object.path("conditions");
        if (!conditions.isArray()) throw MethodFault.invalid("conditions of a filter is an array");
        List<Filter> all = new ArrayList<>();
        for (JsonNode condition : conditions) all.add(of(condition));
        return new Operator(join(object.path("operator")), all);
    }

    private static Join join(JsonNode operator) throws MethodFault {
        for (Join join : Join.values()) if (join.name().equals(operator.textValue())) return join;
        throw MethodFault.invalid("There is no operator " + operator.toString().toUpperCase(Locale.ROOT));
    }

    /** Reads a condition of a data type. */
    interface Reader<T> {

        /** @throws MethodFault unsupportedFilter or invalidArguments */
        Predicate<T> read(ObjectNode condition) throws MethodFault;
    }

    /** What the whole means for an object. */
    static <T> Predicate<T> predicate(Filter filter, Reader<T> reader) throws MethodFault {
        if (filter instanceof Condition condition) return reader.read(condition.properties());
        Operator operator = (Operator) filter;
        List<Predicate<T>> all = new ArrayList<>();
        for (Filter part : operator.filters()) all.add(predicate(part, reader));
        return switch (operator.join()) {
            case AND -> object -> all.stream().allMatch(p -> p.test(object));
            case OR -> object -> all.stream().anyMatch(p -> p.test(object));
            case NOT -> object -> all.stream().noneMatch(p -> p.test(object));
        };
    }
}
