package org.posthorn.mailbox;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.posthorn.api.mailbox.Amount;
import org.posthorn.api.mailbox.MailboxFault;
import org.posthorn.api.mailbox.Quota;

/**
 * What an account holds, mailbox by mailbox. A mailbox in use tells of each change of its index; what the others hold is counted when somebody first asks. Safe for
 * several threads.
 */
final class Usage {

    private final Allowance allowance;
    private final Map<String, Amount> held = new HashMap<>();
    private Amount total = Amount.NOTHING;
    // What has been let in and may not be there yet.
    private Amount underWay = Amount.NOTHING;
    private boolean counted;
    private int reached;

    Usage(Allowance allowance) {
        this.allowance = allowance;
    }

    /** Whether there is anything to look after. */
    boolean limited() {
        return !allowance.endless();
    }

    /** A mailbox in use holds that now. */
    synchronized void holds(String mailbox, Amount now) {
        Amount before = held.put(mailbox, now);
        total = total.plus(now).minus(before == null ? Amount.NOTHING : before);
    }

    /** One that nobody uses holds that, unless it has been in use meanwhile. */
    synchronized void found(String mailbox, Amount there) {
        if (!held.containsKey(mailbox)) holds(mailbox, there);
    }

    synchronized boolean knows(String mailbox) {
        return held.containsKey(mailbox);
    }

    synchronized void gone(String mailbox) {
        Amount before = held.remove(mailbox);
        if (before != null) total = total.minus(before);
    }

    synchronized void renamed(String from, String to) {
        gone(to);
        Amount same = held.remove(from);
        if (same != null) held.put(to, same);
    }

    synchronized boolean counted() {
        return counted;
    }

    /** All mailboxes are known from now on. */
    synchronized void countedAll() {
        counted = true;
        reached = allowance.reached(total);
    }

    synchronized Quota quota() {
        return new Quota(total, allowance.limit());
    }

    synchronized Map<String, Amount> byMailbox() {
        return new TreeMap<>(held);
    }

    /** Keeps room for what is about to come, until {@link #leave}: those who come at the same time do not take the same. */
    synchronized void enter(Amount more) throws MailboxFault {
        if (!new Quota(total.plus(underWay), allowance.limit()).admits(more))
            throw new MailboxFault(MailboxFault.Kind.OVERQUOTA, "The mailbox is full");
        underWay = underWay.plus(more);
    }

    /** It is there, or will not come. */
    synchronized void leave(Amount more) {
        underWay = underWay.minus(more);
    }

    /** How many percent the owner is to be told of: once, when they are reached. */
    synchronized OptionalInt warning() {
        int before = reached;
        reached = allowance.reached(total);
        return reached > before ? OptionalInt.of(reached) : OptionalInt.empty();
    }
}
