package org.posthorn.jmap.mail;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Who waits for whom, each for one at least. */
final class Circles {

    private Circles() {}

    /** Those that wait for each other and for nobody else; there is at least one such circle. @param waits for whom each waits, all of them among the keys */
    static <T> List<Set<T>> of(Map<T, ? extends Collection<T>> waits) {
        Map<T, Set<T>> behind = new HashMap<>();
        waits.keySet().forEach(one -> behind.put(one, behind(one, waits)));
        List<Set<T>> circles = new ArrayList<>();
        Set<T> seen = new LinkedHashSet<>();
        for (T one : waits.keySet()) {
            Set<T> all = behind.get(one);
            // Of what one waits for nothing can wait for more; who waits for less does not wait for that one.
            boolean closed = all.stream().allMatch(other -> behind.get(other).size() == all.size());
            if (closed && seen.addAll(all)) circles.add(all);
        }
        return circles;
    }

    /** All for whom it waits, at whatever distance. */
    private static <T> Set<T> behind(T one, Map<T, ? extends Collection<T>> waits) {
        Set<T> all = new LinkedHashSet<>();
        Deque<T> open = new ArrayDeque<>(waits.get(one));
        while (!open.isEmpty()) {
            T next = open.remove();
            if (all.add(next)) open.addAll(waits.get(next));
        }
        return all;
    }
}
