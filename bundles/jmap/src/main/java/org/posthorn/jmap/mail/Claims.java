package org.posthorn.jmap.mail;

import java.util.LinkedHashSet;
import java.util.Set;
import org.posthorn.api.mail.Address;

/** Emails with which something is done once, of which the next who wants it hears before their keywords tell: the last {@value #MOST}. Safe for several threads. */
final class Claims {

    private static final int MOST = 1_000;

    private record Claim(Address account, long email) {}

    private final Set<Claim> taken = new LinkedHashSet<>();

    /** @return false when somebody has it */
    synchronized boolean take(Address account, long email) {
        if (!taken.add(new Claim(account, email))) return false;
        if (taken.size() > MOST) taken.remove(taken.iterator().next());
        return true;
    }

    /** It was not done, so another may. */
    synchronized void release(Address account, long email) {
        taken.remove(new Claim(account, email));
    }
}
