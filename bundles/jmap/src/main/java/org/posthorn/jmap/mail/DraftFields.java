package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.posthorn.jmap.Refusal;

/** Fields of a header that is being made, each name once unless one property tells all of that name: RFC 8621 4.6. */
final class DraftFields {

    private final Map<String, String> fields = new LinkedHashMap<>();

    /** Whether there is one of that name; an empty list makes none. */
    boolean has(String name) {
        return !fields.getOrDefault(name.toLowerCase(Locale.ROOT), "").isEmpty();
    }

    /** @param property what the client calls it */
    private void add(String property, String name, String text) throws Refusal {
        if (fields.putIfAbsent(name.toLowerCase(Locale.ROOT), text) != null)
            throw Refusal.of(property, "The field " + name + " is given twice");
    }

    void add(String name, String text) throws Refusal {
        add(name, name, text);
    }

    /** Adds what a property stands for. @return whether it stands for a field; with null it does for none */
    boolean add(String property, Optional<HeaderProperty> header, JsonNode value) throws Refusal {
        if (header.isEmpty() || value.isNull()) return header.isPresent();
        String name = header.get().field();
        StringBuilder text = new StringBuilder();
        if (!header.get().all())
            text.append(FieldText.of(name, property, header.get().form(), value));
        else if (!value.isArray()) throw Refusal.of(property, property + " is no list");
        else
            for (JsonNode one : value)
                text.append(FieldText.of(name, property, header.get().form(), one));
        add(property, name, text.toString());
        return true;
    }

    @Override
    public String toString() {
        return String.join("", fields.values());
    }
}
