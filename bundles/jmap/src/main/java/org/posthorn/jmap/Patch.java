package org.posthorn.jmap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;

/** A PatchObject, RFC 8620 5.3: paths without their first slash, and what is to stand there. */
public final class Patch {

    private static final int DEEPEST = 50;

    private Patch() {}

    /**
     * What an object becomes. Null takes a member away; what it means that a property is not there, its data type says.
     *
     * @return empty when the patch is none: {@code invalidPatch}
     */
    public static Optional<ObjectNode> applied(ObjectNode object, ObjectNode patch) {
        ObjectNode patched = object.deepCopy();
        for (Map.Entry<String, JsonNode> change : patch.properties()) {
            String[] path = change.getKey().split("/", DEEPEST + 1);
            boolean well = path.length <= DEEPEST && !isBelowAnother(change.getKey(), patch);
            if (!well || !set(patched, path, change.getValue())) return Optional.empty();
        }
        return Optional.of(patched);
    }

    private static boolean isBelowAnother(String path, ObjectNode patch) {
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1))
            if (patch.has(path.substring(0, slash))) return true;
        return false;
    }

    /** All above the last must be there, and none of it within an array. */
    private static boolean set(ObjectNode object, String[] path, JsonNode value) {
        ObjectNode at = object;
        for (int i = 0; i < path.length - 1; i++) {
            Optional<String> name = Pointer.unescaped(path[i]);
            if (name.isEmpty() || !(at.get(name.get()) instanceof ObjectNode next)) return false;
            at = next;
        }
        Optional<String> last = Pointer.unescaped(path[path.length - 1]);
        if (last.isEmpty()) return false;
        if (value.isNull()) at.remove(last.get());
        else at.set(last.get(), value);
        return true;
    }
}
