package org.posthorn.jmap.mail;

import java.io.IOException;
import java.util.Collection;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.posthorn.api.mailbox.MailboxChanges;
import org.posthorn.jmap.MethodFault;

/**
 * What became of Mailboxes since a state, RFC 8621 2.2.
 *
 * @param kinds by id; what came and went since is not there
 * @param state the mod-sequence that this leads up to
 */
record MailboxHistory(SortedMap<String, Kind> kinds, long state) {

    /** What became of one. */
    enum Kind {
        CREATED,
        DESTROYED,
        UPDATED,
        /** Other emails are in it, or they are read. */
        COUNTED
    }

    /** What of a state says how far changes had come. @throws MethodFault when it is one of who saw other mailboxes */
    static String withoutSight(Folders folders, String state) throws MethodFault {
        String sight = folders.sight();
        if (!state.endsWith(sight)) throw ChangeList.unknown();
        return state.substring(0, state.length() - sight.length());
    }

    /** @throws MethodFault cannotCalculateChanges */
    static MailboxHistory since(Folders folders, long since) throws IOException, MethodFault {
        MailboxChanges changes = folders.counted().mailboxChanges(since).orElseThrow(ChangeList::unknown);
        MailboxHistory history = new MailboxHistory(new TreeMap<>(), changes.state());
        history.put(changes.created(), Kind.CREATED);
        history.put(changes.destroyed(), Kind.DESTROYED);
        history.put(changes.updated(), Kind.UPDATED);
        history.put(reordered(folders, since), Kind.UPDATED);
        history.put(changes.counted(), Kind.COUNTED);
        // What comes to a mailbox that one may not read is not counted for him either.
        for (Folder folder : folders.all()) if (!folder.mayRead()) history.kinds.remove(folder.id(), Kind.COUNTED);
        return history;
    }

    private void put(Collection<String> ids, Kind kind) {
        for (String id : ids) kinds.putIfAbsent(id, kind);
    }

    /** In accounts of others the sight tells it. */
    private static Collection<String> reordered(Folders folders, long since) throws IOException {
        if (!folders.reach().isOwn()) return Set.of();
        Set<String> names = new MailboxNotes(folders.reach()).reordered(since);
        return folders.all().stream()
                .filter(folder -> names.contains(folder.path()))
                .map(Folder::id)
                .toList();
    }
}
