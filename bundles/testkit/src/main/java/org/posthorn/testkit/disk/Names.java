package org.posthorn.testkit.disk;

import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Which names lead where. The root is node 0. Not safe for several threads. */
final class Names {

    static final int ROOT = 0;

    private final Map<Integer, Map<String, Integer>> folders = new HashMap<>();

    /** Where a path below the root leads, {@link Operation#NONE} for nowhere. */
    int find(Path below) {
        int node = ROOT;
        for (Path name : below) {
            if (name.toString().isEmpty()) continue;
            node = folders.getOrDefault(node, Map.of()).getOrDefault(name.toString(), Operation.NONE);
        }
        return node;
    }

    void apply(Collection<Operation.Name> changes) {
        for (Operation.Name change : changes) {
            Map<String, Integer> folder = folders.computeIfAbsent(change.folder(), n -> new HashMap<>());
            if (change.node() == Operation.NONE) folder.remove(change.name());
            else folder.put(change.name(), change.node());
        }
    }

    Set<Map.Entry<String, Integer>> in(int folder) {
        return folders.getOrDefault(folder, Map.of()).entrySet();
    }
}
