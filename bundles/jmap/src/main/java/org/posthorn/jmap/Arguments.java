package org.posthorn.jmap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The arguments of one call, taken by name and type; {@code null} is as good as none, where there may be none. What is of another type is
 * {@code invalidArguments}, and so is at the {@link #end} what nobody has taken. For one thread.
 */
public final class Arguments {

    /** The largest Int and UnsignedInt, RFC 8620 1.3. */
    public static final long LARGEST = (1L << 53) - 1;

    private final ObjectNode all;
    private final Set<String> taken = new HashSet<>();

    Arguments(ObjectNode all) {
        this.all = all;
    }

    /** As they came; not to be changed. */
    public ObjectNode all() {
        return all;
    }

    private Optional<JsonNode> take(String name) {
        taken.add(name);
        return Optional.ofNullable(all.get(name)).filter(value -> !value.isNull());
    }

    private JsonNode demand(String name) throws MethodFault {
        return take(name).orElseThrow(() -> MethodFault.invalid(name + " is missing"));
    }

    public String string(String name) throws MethodFault {
        return string(name, demand(name));
    }

    public Optional<String> optionalString(String name) throws MethodFault {
        Optional<JsonNode> value = take(name);
        return value.isEmpty() ? Optional.empty() : Optional.of(string(name, value.get()));
    }

    private static String string(String name, JsonNode value) throws MethodFault {
        if (!value.isTextual()) throw MethodFault.invalid(name + " is no string");
        return value.textValue();
    }

    public boolean bool(String name, boolean otherwise) throws MethodFault {
        Optional<JsonNode> value = take(name);
        if (value.isEmpty()) return otherwise;
        if (!value.get().isBoolean()) throw MethodFault.invalid(name + " is neither true nor false");
        return value.get().booleanValue();
    }

    /** An Int, RFC 8620 1.3. */
    public long integer(String name, long otherwise) throws MethodFault {
        Optional<JsonNode> value = take(name);
        return value.isEmpty() ? otherwise : number(name, value.get(), -LARGEST);
    }

    /** An UnsignedInt. */
    public OptionalLong unsigned(String name) throws MethodFault {
        Optional<JsonNode> value = take(name);
        return value.isEmpty() ? OptionalLong.empty() : OptionalLong.of(number(name, value.get(), 0));
    }

    /** 1.0 and 1e3 are integers as well: JSON knows one kind of numbers. */
    private static long number(String name, JsonNode value, long least) throws MethodFault {
        boolean whole = value.isNumber() && value.doubleValue() == Math.rint(value.doubleValue());
        if (!whole || value.doubleValue() < least || value.doubleValue() > LARGEST)
            throw MethodFault.invalid(name + " is no integer from " + least + " to " + LARGEST);
        return value.longValue();
    }

    public Optional<ObjectNode> object(String name) throws MethodFault {
        Optional<JsonNode> value = take(name);
        if (value.isEmpty()) return Optional.empty();
        if (!(value.get() instanceof ObjectNode object)) throw MethodFault.invalid(name + " is no object");
        return Optional.of(object);
    }

    public Optional<List<JsonNode>> array(String name) throws MethodFault {
        Optional<JsonNode> value = take(name);
        if (value.isEmpty()) return Optional.empty();
        if (!value.get().isArray()) throw MethodFault.invalid(name + " is no array");
        List<JsonNode> items = new ArrayList<>();
        value.get().forEach(items::add);
        return Optional.of(items);
    }

    public Optional<List<String>> strings(String name) throws MethodFault {
        Optional<List<JsonNode>> items = array(name);
        if (items.isEmpty()) return Optional.empty();
        List<String> strings = new ArrayList<>();
        for (JsonNode item : items.get()) strings.add(string("an item of " + name, item));
        return Optional.of(strings);
    }

    /** An object of objects, as create and update are; in the order in which they came. */
    public Map<String, ObjectNode> objects(String name) throws MethodFault {
        Map<String, ObjectNode> objects = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> item :
                object(name).orElseGet(Json.NODES::objectNode).properties()) {
            if (!(item.getValue() instanceof ObjectNode object))
                throw MethodFault.invalid(name + "/" + item.getKey() + " is no object");
            objects.put(item.getKey(), object);
        }
        return objects;
    }

    /** The same where there must be one. */
    public Map<String, ObjectNode> demandObjects(String name) throws MethodFault {
        demand(name);
        return objects(name);
    }

    /** Nothing else may be there, RFC 8620 3.6.2. */
    public void end() throws MethodFault {
        for (Map.Entry<String, JsonNode> argument : all.properties())
            if (!taken.contains(argument.getKey()))
                throw MethodFault.invalid("There is no argument " + argument.getKey());
    }
}
