package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import org.posthorn.jmap.MethodFault;

/** Values within arguments by their types, RFC 8620 1. What is of another one is {@code invalidArguments}. */
final class Values {

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

    /** A Date or UTCDate, RFC 8620 1.4. */
    static Instant date(String name, JsonNode value) throws MethodFault {
        return zoned(name, value).toInstant();
    }

    static OffsetDateTime zoned(String name, JsonNode value) throws MethodFault {
        try {
            return OffsetDateTime.parse(text(name, value));
        } catch (DateTimeParseException none) {
            throw MethodFault.invalid(name + " is no Date");
        }
    }
}
