package org.posthorn.imap.command;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.api.mailbox.Threaded;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.imap.Realm;

/** The threads of messages that one command looks at in order, asked for a few at a time: RFC 8474 5.2. */
final class ThreadIds {

    private static final int AT_ONCE = 500;

    private final Map<Long, Long> known = new HashMap<>();
    private String mailbox = "";

    /** The number of a message's THREADID; empty when it is gone, or nobody keeps threads. */
    OptionalLong of(Realm realm, Mailbox of, long uid) throws IOException {
        if (!of.name().equals(mailbox) || !known.containsKey(uid)) ask(realm, of, uid);
        Long thread = known.get(uid);
        return thread == null ? OptionalLong.empty() : OptionalLong.of(thread);
    }

    private void ask(Realm realm, Mailbox of, long from) throws IOException {
        known.clear();
        mailbox = of.name();
        for (Threaded one : realm.threaded(of, UidSet.range(from, from + AT_ONCE - 1)))
            known.put(one.entry().uid(), one.thread());
    }
}
