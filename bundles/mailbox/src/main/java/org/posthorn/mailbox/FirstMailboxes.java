package org.posthorn.mailbox;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.posthorn.api.mailbox.SpecialUse;

/** What an account has from its first moment: INBOX, and a mailbox for each special use that is needed by all, RFC 6154. What is there already is taken over. */
record FirstMailboxes(AccountShelf account) {

    /** Makes those that are missing. @param lost whether nobody knows any more what the account's file held */
    void make(boolean lost) throws IOException {
        Set<String> there = new HashSet<>(account.shelf().names());
        if (there.add(AccountShelf.INBOX)) account.make(AccountShelf.INBOX);
        Subscribed subscribed = account.subscribed();
        boolean noted = subscribed.open();
        if (!noted) subscribed.begin(Set.of(AccountShelf.INBOX));
        // Nobody knows any more which were subscribed: better too many than mail that its owner does not see.
        if (lost && !noted) subscribed.begin(there);
        for (SpecialUse use : SpecialUse.values()) {
            if (!use.fromStart() && !there.contains(use.mailbox())) continue;
            boolean made = there.add(use.mailbox());
            if (made) account.make(use.mailbox());
            if (made || !noted) subscribed.begin(Set.of(use.mailbox()));
            account.file().uses.put(use.mailbox(), use);
        }
        subscribed.note();
    }
}
