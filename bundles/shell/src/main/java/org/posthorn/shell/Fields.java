package org.posthorn.shell;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The components of a record by name, in order; of a bundle's own, package-private ones too. */
final class Fields {

    private Fields() {}

    static Map<String, Object> of(Object object) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (RecordComponent component : object.getClass().getRecordComponents())
            fields.put(component.getName(), plain(value(object, component)));
        return fields;
    }

    private static Object value(Object object, RecordComponent component) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(object);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("cannot read " + component, e);
        }
    }

    private static Object plain(Object value) {
        return value instanceof Optional<?> optional ? optional.orElse(null) : value;
    }
}
