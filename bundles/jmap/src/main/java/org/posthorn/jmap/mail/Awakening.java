package org.posthorn.jmap.mail;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.lease.Leased;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.Email;
import org.posthorn.api.mailbox.MailboxStore;
import org.posthorn.api.mailbox.ObjectId;
import org.posthorn.jmap.Refusal;

/** Brings Emails back whose time has come. Each takes a lease of its own, so that a swap of the mailboxes waits for one move alone. */
record Awakening(Snoozes snoozes, Leased<MailboxStore> stores, Digests digests) {

    /** So often an Email is looked for that other sessions move at the same time. */
    private static final int TRIES = 5;

    /** Whether one goes on with the next. */
    interface Going {
        boolean on();
    }

    /**
     * Wakes all of an account that are due, the longest due first.
     *
     * @return whether that was done: not where the mailboxes are away, or somebody says to stop
     * @throws IOException when some cannot be woken, behind all others
     */
    boolean all(Address account, Going going) throws IOException {
        AccountSnoozes his = snoozes.of(account);
        List<Exception> faults = new ArrayList<>();
        for (Snooze due : his.all(one -> !one.over() && !one.details().until().isAfter(snoozes.now()))) {
            Optional<Lease<MailboxStore>> store = going.on() ? stores.lease() : Optional.empty();
            if (store.isEmpty()) return false;
            try (Lease<MailboxStore> lease = store.get()) {
                // To look at it would make it anew.
                if (!lease.get().exists(account)) throw new IOException("its mailboxes are gone");
                tried(his, due, MailView.of(lease.get(), account, digests)).ifPresent(faults::add);
            }
        }
        if (!faults.isEmpty())
            throw new IOException(faults.size() + " cannot be woken, the first as " + faults.get(0), faults.get(0));
        return true;
    }

    /** @return why it cannot be woken */
    private static Optional<Exception> tried(AccountSnoozes his, Snooze due, MailView mail) {
        try {
            one(his, due, mail);
            return Optional.empty();
        } catch (IOException | RuntimeException | Refusal fault) {
            return Optional.of(fault);
        }
    }

    /** What somebody has moved or deleted meanwhile is left where it is. That it is awake is forced behind the move: where a crash comes in between, it has been taken from where it slept. */
    private static void one(AccountSnoozes his, Snooze due, MailView mail) throws IOException, Refusal {
        synchronized (his) {
            // Somebody may have changed his mind.
            if (!his.get(due.number()).equals(Optional.of(due))) return;
            if (woken(due, mail)) his.put(due.ended());
            else his.remove(due.number());
        }
    }

    private static boolean woken(Snooze due, MailView mail) throws IOException, Refusal {
        for (int i = 0; i < TRIES; i++) {
            Optional<Email> email = mail.email(ObjectId.email(due.number()));
            if (email.isEmpty() || !due.isAsleep(email.get())) return false;
            if (Relocation.unasked(mail, email.get(), placing(due, mail, email.get()))) return true;
        }
        throw new IOException("other sessions keep moving " + ObjectId.email(due.number()));
    }

    private static Placing placing(Snooze due, MailView mail, Email email) throws IOException {
        SortedSet<String> mailboxes = new TreeSet<>();
        for (Email.Place place : email.places())
            if (!place.mailboxId().equals(due.mailboxId())) mailboxes.add(place.mailbox());
        mailboxes.add(mail.mailboxes().get(target(mail, due)));
        return new Placing(mailboxes, due.details().applied(Metadata.keywords(email)));
    }

    /** The id of the mailbox to which one comes back: INBOX where the one that was wanted is gone. */
    static String target(MailView mail, Snooze one) throws IOException {
        Optional<String> wanted = one.details().moveToMailboxId().filter(id -> !id.equals(one.mailboxId()));
        if (wanted.isPresent() && mail.mailboxes().containsKey(wanted.get())) return wanted.get();
        return Optional.ofNullable(mail.emails().mailboxes().get(Folder.INBOX))
                .orElseThrow(() -> new IOException("there is no INBOX"));
    }
}
