package org.posthorn.shell;

import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.Printable;
import org.posthorn.api.mail.Reply;

/**
 * Writes values as JSON, RFC 8259: records and maps as objects, collections as arrays, numbers and booleans as such, the rest as strings; so are addresses,
 * queue ids and replies, though they are records.
 */
final class Json {

    private final StringBuilder out = new StringBuilder();

    private Json() {}

    static String of(Object value) {
        Json json = new Json();
        json.value(value);
        return json.out.toString();
    }

    private void value(Object value) {
        if (value instanceof Optional<?> optional) value(optional.orElse(null));
        else if (value == null || value instanceof Number || value instanceof Boolean) out.append(value);
        else if (value instanceof Collection<?> all) array(all.iterator());
        else if (value instanceof Map<?, ?> map) object(map);
        else if (value instanceof Record && !word(value)) object(Fields.of(value));
        else string(value.toString());
    }

    /** What is written as one word everywhere else is none of parts here. */
    private static boolean word(Object value) {
        return value instanceof Address || value instanceof MailId || value instanceof Reply;
    }

    private void array(Iterator<?> all) {
        out.append('[');
        while (all.hasNext()) {
            value(all.next());
            if (all.hasNext()) out.append(',');
        }
        out.append(']');
    }

    private void object(Map<?, ?> map) {
        out.append('{');
        Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator();
        while (entries.hasNext()) {
            Map.Entry<?, ?> entry = entries.next();
            string(entry.getKey().toString());
            out.append(':');
            value(entry.getValue());
            if (entries.hasNext()) out.append(',');
        }
        out.append('}');
    }

    private void string(String text) {
        out.append('"');
        text.chars().forEach(c -> {
            switch (c) {
                case '"', '\\' -> out.append('\\').append((char) c);
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (!Printable.harmless((char) c) || Character.isSurrogate((char) c))
                        out.append(String.format("\\u%04x", c));
                    else out.append((char) c);
                }
            }
        });
        out.append('"');
    }
}
