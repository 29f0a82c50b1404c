package org.posthorn.deploy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Files whose bundles were late with what they had to show. On a machine that has its hands full that tells nothing of the bundle, so each is tried again behind
 * a pause that grows, a few times. Not safe for several threads.
 */
final class Retries {

    /** Two seconds, eight and half a minute, in looks. */
    private static final List<Integer> PAUSES = List.of(4, 16, 64);

    /** The pause it is in, and how many looks are left of it. */
    private record Pause(int number, int looks) {}

    private final Map<String, Pause> pauses = new HashMap<>();

    /** It was late. @return whether it is tried again */
    boolean late(String file) {
        Pause last = pauses.get(file);
        int next = last == null ? 0 : last.number() + 1;
        if (next == PAUSES.size()) return false;
        pauses.put(file, new Pause(next, PAUSES.get(next)));
        return true;
    }

    /** Another look. @return the files that are to be tried with it */
    Set<String> due() {
        Set<String> due = new TreeSet<>();
        pauses.replaceAll((file, pause) -> {
            if (pause.looks() == 1) due.add(file);
            return new Pause(pause.number(), pause.looks() - 1);
        });
        return due;
    }

    /** It has come into force, or is another one, or is no good for another reason. */
    void forget(String file) {
        pauses.remove(file);
    }

    void retain(Set<String> files) {
        pauses.keySet().retainAll(files);
    }
}
