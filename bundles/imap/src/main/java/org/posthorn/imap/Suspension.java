package org.posthorn.imap;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.api.net.Suspended;
import org.posthorn.api.users.Entrance;
import org.posthorn.imap.command.Notifications;

/** A session as plain values, to be handed to another version of this bundle. */
public final class Suspension {

    private static final int BEFORE = 1;

    /** Says that the client is told by UID what is gone, or that a search was saved: who does not know that cannot go on. */
    private static final int RESYNCING = 2;

    /** Says that something else is enabled as well: annotations, UIDs alone, another dialect, searches that are kept up to date. */
    private static final int ENABLED = 3;

    /** Says that it has asked for notifications, or for new messages to be fetched. */
    private static final int NOTIFYING = 4;

    private Suspension() {}

    static boolean knows(int version) {
        return version >= BEFORE && version <= NOTIFYING;
    }

    static Suspended suspended(Map<String, String> values) {
        if (Notifications.in(values) || Contexts.fetch(values)) return new Suspended(NOTIFYING, values);
        boolean enabled = Contexts.in(values)
                || values.containsKey("metadata")
                || Boolean.parseBoolean(values.get("uidOnly"))
                || dialect(values) != Dialect.REV1;
        if (enabled) return new Suspended(ENABLED, values);
        boolean more = Boolean.parseBoolean(values.get("qresync"))
                || !values.getOrDefault("saved", "").isEmpty();
        return new Suspended(more ? RESYNCING : BEFORE, values);
    }

    private static Dialect dialect(Map<String, String> values) {
        return Dialect.valueOf(values.getOrDefault("dialect", "REV1"));
    }

    /** Empty when it is in the middle of something. */
    static Optional<Map<String, String>> of(Session session) {
        Optional<Talk> talk = session.talk();
        Optional<String> idle = talk.flatMap(Talk::suspended);
        if (session.watching().isTelling()) return Optional.empty();
        if ((talk.isPresent() || session.isBusy()) && idle.isEmpty()) return Optional.empty();
        Map<String, String> values = new HashMap<>();
        session.login.entrance().ifPresent(e -> suspend(e, values));
        idle.ifPresent(tag -> values.put("idle", tag));
        values.put("condstore", Boolean.toString(session.condstore()));
        values.put("qresync", Boolean.toString(session.qresync()));
        session.metadata().told().ifPresent(modSeq -> values.put("metadata", Long.toString(modSeq)));
        values.put("uidOnly", Boolean.toString(session.uidOnly()));
        values.put("dialect", session.dialect().name());
        session.notifications().suspend(values);
        session.selected().ifPresent(s -> s.suspend(values));
        return Optional.of(values);
    }

    private static void suspend(Entrance entrance, Map<String, String> values) {
        values.put("user", entrance.account().toString());
        entrance.credential().ifPresent(id -> values.put("credential", id));
    }

    static void restore(Session session, Map<String, String> values) {
        if (!values.containsKey("user")) return;
        Optional<Selection> selection =
                values.containsKey("mailbox") ? Optional.of(Selection.resume(values)) : Optional.empty();
        session.login.begin(
                new Entrance(Address.of(values.get("user")), Optional.ofNullable(values.get("credential"))));
        session.restore(
                selection, Boolean.parseBoolean(values.get("condstore")), Boolean.parseBoolean(values.get("qresync")));
        if (values.containsKey("metadata")) session.metadata().resume(Long.parseLong(values.get("metadata")));
        if (Boolean.parseBoolean(values.get("uidOnly"))) session.enableUidOnly();
        session.enable(dialect(values));
        session.notifications().resume(values);
    }

    static Optional<String> idleTag(Map<String, String> values) {
        return Optional.ofNullable(values.get("idle"));
    }

    /** {@code 1:3,7} as a set. */
    public static UidSet set(String text) {
        if (text.isEmpty()) return UidSet.EMPTY;
        List<UidSet.Range> ranges =
                Arrays.stream(text.split(",")).map(Suspension::range).toList();
        return UidSet.ofRanges(ranges);
    }

    private static UidSet.Range range(String text) {
        int colon = text.indexOf(':');
        long first = Long.parseLong(colon < 0 ? text : text.substring(0, colon));
        return new UidSet.Range(first, colon < 0 ? first : Long.parseLong(text.substring(colon + 1)));
    }
}
