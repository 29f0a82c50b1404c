package org.posthorn.mailbox;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.UidSet;

/**
 * What mailboxes owe to the disk. It outlives boxes and accounts in use: what one box did not get forced and settled is left to its successor. Safe
 * for several threads.
 */
final class Owed {

    /** A settlement is forced within a second; before that the mail comes back when the machine goes down. */
    private static final long FORCED_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** A mailbox. */
    record Where(Address account, String mailbox) {}

    /** Settled with the spool at that time. */
    private record Settled(Where where, Unsettled one, long at) {}

    private final Map<Where, Map<Long, Unsettled>> open = new HashMap<>();
    private final Map<Where, List<Unsettled>> doubtful = new HashMap<>();
    private final Deque<Settled> settled = new ArrayDeque<>();
    private final Set<Where> failed = new HashSet<>();
    private final Set<Where> torn = new HashSet<>();

    /** A message that the journal holds was shelved there. */
    synchronized void add(Where where, Unsettled one) {
        open.computeIfAbsent(where, w -> new LinkedHashMap<>()).put(one.uid(), one);
    }

    /** To be forced and settled. */
    synchronized List<Unsettled> open(Where where) {
        return List.copyOf(open.getOrDefault(where, Map.of()).values());
    }

    /** To be written again: a force failed since they were written. */
    synchronized List<Unsettled> doubtful(Where where) {
        return List.copyOf(doubtful.getOrDefault(where, List.of()));
    }

    /** Whether there is anything to do. */
    synchronized boolean any(Where where) {
        return open.containsKey(where) || doubtful.containsKey(where);
    }

    /** Those among these UIDs that a crash of the machine could bring back. */
    synchronized List<Unsettled> journaled(Where where, UidSet uids) {
        forgetOld();
        List<Unsettled> found = new ArrayList<>(open(where));
        found.addAll(doubtful(where));
        settled.stream().filter(s -> s.where().equals(where)).forEach(s -> found.add(s.one()));
        found.removeIf(one -> !uids.contains(one.uid()));
        return found;
    }

    /** The spool was told. */
    synchronized void settled(Where where, Collection<Unsettled> these) {
        forgetOld();
        remove(where, these);
        long now = System.nanoTime();
        these.forEach(one -> settled.add(new Settled(where, one, now)));
    }

    private void forgetOld() {
        long now = System.nanoTime();
        while (!settled.isEmpty() && now - settled.getFirst().at() > FORCED_NANOS) settled.removeFirst();
    }

    /** Nothing more is to be done about these. */
    synchronized void forget(Where where, Collection<Unsettled> these) {
        remove(where, these);
        settled.removeIf(s -> s.where().equals(where) && these.contains(s.one()));
    }

    private void remove(Where where, Collection<Unsettled> these) {
        open.computeIfPresent(where, (w, there) -> {
            these.forEach(one -> there.remove(one.uid(), one));
            return there.isEmpty() ? null : there;
        });
        doubtful.computeIfPresent(where, (w, there) -> {
            there.removeAll(these);
            return there.isEmpty() ? null : there;
        });
    }

    /**
     * A force failed. The kernel tells it once and takes what it could not write for written: no later force makes it safe.
     */
    synchronized void doubt(Where where) {
        failed.add(where);
        Map<Long, Unsettled> there = open.remove(where);
        if (there != null)
            doubtful.computeIfAbsent(where, w -> new ArrayList<>()).addAll(there.values());
    }

    /** It was written again, and is owed as what it is now. */
    synchronized void rewritten(Where where, Unsettled one) {
        doubtful.computeIfPresent(where, (w, there) -> {
            there.remove(one);
            return there.isEmpty() ? null : there;
        });
    }

    /** Whether a force ever failed there, so that nobody knows which names and flags are on the disk. */
    synchronized boolean failed(Where where) {
        return failed.contains(where);
    }

    /** The index was left in the middle of something: what it holds has to be written anew. */
    synchronized void tear(Where where) {
        torn.add(where);
    }

    synchronized boolean torn(Where where) {
        return torn.contains(where);
    }

    synchronized void whole(Where where) {
        torn.remove(where);
    }

    /** A mailbox has another name. @return what is to be done about it still */
    synchronized List<Unsettled> renamed(Where from, Where to) {
        Map<Long, Unsettled> there = open.remove(from);
        if (there != null) open.put(to, there);
        List<Unsettled> again = doubtful.remove(from);
        if (again != null) doubtful.put(to, again);
        if (failed.remove(from)) failed.add(to);
        if (torn.remove(from)) torn.add(to);
        List<Unsettled> all = new ArrayList<>(open(to));
        all.addAll(doubtful(to));
        return all;
    }
}
