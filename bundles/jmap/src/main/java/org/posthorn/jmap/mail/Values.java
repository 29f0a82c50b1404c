package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.posthorn.jmap.MethodFault;

/** Values within arguments by their types, RFC 8620 1. What is of another one is {@code invalidArguments}. */
final class Values {

    /** RFC 3339 5.6, but for the ranges of its numbers. A fraction of zero, which browsers write, is one. */
    private static final Pattern DATE = Pattern.compile(
            "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})");

    private Values() {}

    static String text(String name, JsonNode value) throws MethodFault {
        if (!value.isTextual()) throw MethodFault.invalid(name + " is no string");
        return value.textValue();
    }

    static List<String> texts(String name, JsonNode value) throws MethodFault {
        if (!value.isArray()) throw MethodFault.invalid(name + " is no array");
        List<String> texts = new ArrayList<>();
        for (JsonNode item : value) texts.add(text(name, item));
        return texts;
    }

    static boolean bool(String name, JsonNode value) throws MethodFault {
        if (!value.isBoolean()) throw MethodFault.invalid(name + " is neither true nor false");
        return value.booleanValue();
    }

    static long unsigned(String name, JsonNode value) throws MethodFault {
        double number = value.doubleValue();
        if (!value.isNumber() || number < 0 || number != Math.rint(number))
            throw MethodFault.invalid(name + " is no UnsignedInt");
        return value.longValue();
    }

    /** A UTCDate, RFC 8620 1.4. */
    static Instant date(String name, JsonNode value) throws MethodFault {
        Optional<OffsetDateTime> date = date(text(name, value));
        // Another offset may say the same time, but it is no UTCDate.
        if (date.isEmpty() || !value.textValue().endsWith("Z")) throw MethodFault.invalid(name + " is no UTCDate");
        return date.get().toInstant();
    }

    /** A Date, RFC 8620 1.4. Empty when it is none. */
    static Optional<OffsetDateTime> date(String text) {
        try {
            return DATE.matcher(text).matches() ? Optional.of(OffsetDateTime.parse(text)) : Optional.empty();
        } catch (DateTimeParseException none) {
            return Optional.empty();
        }
    }
}
