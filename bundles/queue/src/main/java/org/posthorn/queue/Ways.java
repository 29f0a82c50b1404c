package org.posthorn.queue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.posthorn.api.delivery.Outcome;

/**
 * Where the recipients of a mail lead.
 *
 * @param open those that a transport is to bring there
 * @param ended those that no transport is needed for: refused, or not to be routed now
 */
record Ways(Map<Destination, List<Target>> open, Map<Target, Outcome> ended) {

    Ways() {
        this(new LinkedHashMap<>(), new LinkedHashMap<>());
    }

    /** All of them, each once. */
    List<Target> targets() {
        List<Target> all = new ArrayList<>(ended.keySet());
        open.values().forEach(all::addAll);
        return all;
    }
}
