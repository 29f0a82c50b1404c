package org.posthorn.queue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.posthorn.api.delivery.Outcome;
import org.posthorn.api.mail.Address;

/**
 * Where the recipients of a mail lead.
 *
 * @param open those that a transport is to bring there
 * @param ended those that no transport is needed for: refused, or not to be routed now
 * @param aliases what led to a target, where something did; the first one as the sender wrote it
 * @param joined further ways to what is open: nobody gets a mail twice
 */
record Ways(
        Map<Destination, List<Target>> open,
        Map<Target, Outcome> ended,
        Map<Target, List<Address>> aliases,
        List<Joined> joined) {

    /**
     * A way of a recipient to an end to which another one led before.
     *
     * @param end who is brought there
     * @param aliases what leads to it; the first one as the sender wrote it, but for the case of its domain
     */
    record Joined(Target end, Destination to, List<Address> aliases) {}

    Ways() {
        this(new LinkedHashMap<>(), new LinkedHashMap<>(), new HashMap<>(), new ArrayList<>());
    }

    /** All of them, each once. */
    List<Target> targets() {
        List<Target> all = new ArrayList<>(ended.keySet());
        open.values().forEach(all::addAll);
        return all;
    }
}
