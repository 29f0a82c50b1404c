package org.posthorn.events;

import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.posthorn.api.events.MailEvent;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.Reply;

/**
 * An event as one line: its name, then its components with tabs between; records inside are flattened. What a line lacks at its end is
 * empty, so that a component may be added to an event and old lines still be read.
 */
final class EventLine {

    private static final Map<String, Class<?>> KINDS = new HashMap<>();
    private static final Map<Class<?>, RecordComponent[]> COMPONENTS = new HashMap<>();
    private static final char BETWEEN = '\u001f';
    private static final int MOST_IN_LIST = 20;

    static {
        for (Class<?> kind : MailEvent.class.getPermittedSubclasses()) {
            KINDS.put(kind.getSimpleName(), kind);
            COMPONENTS.put(kind, kind.getRecordComponents());
        }
        COMPONENTS.put(org.posthorn.api.mail.Origin.class, org.posthorn.api.mail.Origin.class.getRecordComponents());
    }

    private EventLine() {}

    static String write(MailEvent event) {
        StringBuilder line = new StringBuilder(96).append(event.getClass().getSimpleName());
        fields(event, new Scalar(event.mail()), line);
        return line.toString();
    }

    /** The mail is the story's and stands in no line. */
    private static void fields(Object record, Scalar scalar, StringBuilder line) {
        for (RecordComponent component : COMPONENTS.get(record.getClass()))
            if (!component.getName().equals("mail")) field(value(record, component), scalar, line);
    }

    private static Object value(Object record, RecordComponent component) {
        try {
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(component.toString(), e);
        }
    }

    private static void field(Object value, Scalar scalar, StringBuilder line) {
        if (COMPONENTS.containsKey(value.getClass())) {
            fields(value, scalar, line);
            return;
        }
        line.append('\t');
        if (value instanceof Optional<?> maybe) {
            // Nothing is the empty field, so that the empty text needs a sign.
            if (maybe.isPresent()) escaped(scalar.write(maybe.get()), line.append('='));
        } else if (value instanceof List<?> all) list(all, scalar, line);
        else escaped(scalar.write(value), line);
    }

    private static void list(List<?> all, Scalar scalar, StringBuilder line) {
        for (int i = 0; i < Math.min(all.size(), MOST_IN_LIST); i++) {
            if (i > 0) line.append(BETWEEN);
            escaped(scalar.write(all.get(i)), line);
        }
    }

    /** Control characters would part what is one, and some databases take no NUL and no half of a pair. */
    private static void escaped(String text, StringBuilder line) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean pair = Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (pair) line.append(c).append(text.charAt(++i));
            else line.append(Character.isISOControl(c) || Character.isSurrogate(c) ? '?' : c);
        }
    }

    /** @throws IllegalArgumentException when the line is none, as of a newer version */
    static MailEvent read(MailId mail, String line) {
        Iterator<String> fields = List.of(line.split("\t", -1)).iterator();
        Class<?> kind = KINDS.get(fields.next());
        if (kind == null) throw new IllegalArgumentException(line);
        try {
            return (MailEvent) record(kind, new Scalar(mail), fields);
        } catch (IndexOutOfBoundsException | DateTimeException | ArithmeticException damaged) {
            throw new IllegalArgumentException(line, damaged);
        }
    }

    private static Object record(Class<?> type, Scalar scalar, Iterator<String> fields) {
        RecordComponent[] components = COMPONENTS.get(type);
        Class<?>[] types = new Class<?>[components.length];
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
            values[i] = components[i].getName().equals("mail")
                    ? scalar.mail()
                    : read(types[i], components[i].getGenericType(), scalar, fields);
        }
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(type + " cannot be made of a line", e);
        }
    }

    private static Object read(Class<?> type, Type generic, Scalar scalar, Iterator<String> fields) {
        if (COMPONENTS.containsKey(type)) return record(type, scalar, fields);
        String field = fields.hasNext() ? fields.next() : "";
        if (type == Optional.class)
            return field.isEmpty() ? Optional.empty() : Optional.of(scalar.read(field.substring(1), of(generic)));
        if (type != List.class) return scalar.read(field, type);
        List<Object> all = new ArrayList<>();
        if (!field.isEmpty())
            for (String each : field.split(String.valueOf(BETWEEN))) all.add(scalar.read(each, of(generic)));
        return List.copyOf(all);
    }

    private static Class<?> of(Type generic) {
        return (Class<?>) ((ParameterizedType) generic).getActualTypeArguments()[0];
    }

    /** The event for programs: names and plain values. */
    static Map<String, Object> plain(MailEvent event) {
        Map<String, Object> all = new java.util.LinkedHashMap<>();
        all.put("event", event.getClass().getSimpleName());
        plain(event, all);
        return all;
    }

    private static void plain(Object record, Map<String, Object> into) {
        for (RecordComponent component : COMPONENTS.get(record.getClass())) {
            Object value = value(record, component);
            if (COMPONENTS.containsKey(value.getClass())) plain(value, into);
            else into.put(component.getName(), plain(value));
        }
    }

    private static Object plain(Object value) {
        if (value instanceof Optional<?> maybe)
            return maybe.map(EventLine::plain).orElse(null);
        if (value instanceof List<?> all)
            return all.stream().map(EventLine::plain).toList();
        if (value instanceof java.time.Duration d) return d.toNanos() / 1_000_000.0;
        if (value instanceof java.net.InetSocketAddress s) return Scalar.socket(s);
        if (value instanceof Enum<?> e) return e.name().toLowerCase(java.util.Locale.ROOT);
        return value instanceof Address || value instanceof MailId || value instanceof Reply ? value.toString() : value;
    }
}
