package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.posthorn.api.mail.Address;
import org.posthorn.api.users.Accounts;
import org.posthorn.jmap.Json;
import org.posthorn.jmap.ObjectLog;

/**
 * The Identities of all accounts, RFC 8621 6: one for each address by which an account is known, which come and go with these, and those that its user has made. One in which the user has set
 * something is kept while its address is away, and not told. Safe for several threads.
 */
record Identities(Outbox outbox, Accounts accounts) {

    private static final String AWAY = "away";

    static final LogIds IDS = new LogIds("I");

    /** Those that there are, with those of the addresses that he has now. */
    ObjectLog of(Address account) throws IOException {
        AccountOutbox mine = outbox.account(account);
        synchronized (mine) {
            follow(mine, account);
        }
        return mine.identities();
    }

    private void follow(AccountOutbox mine, Address account) throws IOException {
        List<String> known =
                accounts.addresses(account).stream().map(Address::toString).toList();
        // His own comes first.
        Set<String> missing = new LinkedHashSet<>(known);
        boolean changed = false;
        for (ObjectLog.Entry entry : mine.identities().all()) {
            String email = entry.object().path("email").asText();
            boolean over =
                    !known.contains(email) && !entry.object().path("mayDelete").asBoolean();
            changed |= over != isAway(entry);
            follow(mine.identities(), entry, over);
            missing.remove(email);
        }
        for (String email : missing) mine.identities().add(identity(email, false));
        if (changed || !missing.isEmpty()) mine.changed();
    }

    private static void follow(ObjectLog log, ObjectLog.Entry entry, boolean over) throws IOException {
        if (over == isAway(entry)) return;
        ObjectNode changed = entry.object().deepCopy();
        changed.remove(AWAY);
        boolean asMade = changed.equals(identity(changed.path("email").asText(), false));
        if (over && asMade) log.remove(entry.number());
        else log.put(entry.number(), over ? changed.put(AWAY, true) : changed);
    }

    private static boolean isAway(ObjectLog.Entry entry) {
        return entry.object().path(AWAY).asBoolean();
    }

    /** Those that are told, the oldest first. */
    static List<ObjectLog.Entry> all(ObjectLog log) {
        return log.all().stream().filter(e -> !isAway(e)).toList();
    }

    /** One that is told. */
    static Optional<ObjectLog.Entry> get(ObjectLog log, String id) {
        return log.get(IDS.number(id)).filter(e -> !isAway(e));
    }

    static ObjectNode identity(String email, boolean mayDelete) {
        ObjectNode json = Json.NODES.objectNode();
        json.put("name", "").put("email", email).putNull("replyTo").putNull("bcc");
        return json.put("textSignature", "").put("htmlSignature", "").put("mayDelete", mayDelete);
    }

    /** How far changes have come, as far as anybody has looked. */
    long state(Address account) throws IOException {
        return outbox.account(account).identities().state();
    }

    void changed(Address account) throws IOException {
        outbox.account(account).changed();
    }

    /** In whose name it sends; empty when there is no such identity. */
    Optional<String> email(Address account, String id) throws IOException {
        // Whether it is still his is asked of the sender of each mail.
        return identity(account, id).map(one -> one.path("email").asText());
    }

    /** The whole of it, which is not to be changed; empty when there is no such identity. */
    Optional<ObjectNode> identity(Address account, String id) throws IOException {
        return get(outbox.account(account).identities(), id).map(ObjectLog.Entry::object);
    }
}
