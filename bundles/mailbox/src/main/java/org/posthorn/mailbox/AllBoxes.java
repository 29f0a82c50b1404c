package org.posthorn.mailbox;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.Emails;
import org.posthorn.api.mailbox.MailboxFault;

/**
 * All mailboxes of an account that are meant, one after the other. What is made meanwhile may be passed over; what is deleted is.
 *
 * @param meant those that somebody sees; empty for all
 */
record AllBoxes(Accounts accounts, Address address, Optional<Emails.Sight> meant) {

    static final int TRIES = 3;

    /** Something done under the lock of each. */
    @FunctionalInterface
    interface Each {
        void with(Box box) throws IOException;
    }

    /**
     * What a look has found: how far the account's count had come, or that of those that are meant, and what there was then or later.
     *
     * @param names by the number of the MAILBOXID
     * @param highest mod-sequences by that number
     * @param leftFrom since when it is known which emails left
     */
    record Looked(Map<Long, String> names, Map<Long, Long> highest, long leftFrom, long state) {}

    /** What a way through all has found, and whether none of them came, went or got another name meanwhile. */
    record Pass<T>(T found, boolean steady) {}

    /** Goes through all, and again when one may have been passed over because it got another name; not in the middle of that. */
    <T> Pass<T> steadily(Accounts.Look<T> look) throws IOException {
        int version = version();
        for (int i = 1; ; i++) {
            T found = look.look();
            boolean steady = version == version();
            if (steady || i == TRIES) return new Pass<>(found, steady);
            version = use(shelf -> shelf.alone(alone -> alone.registrar().version()));
        }
    }

    /** How far the account's count has come: another one when anything was moved meanwhile. */
    long modSeq() throws IOException {
        return use(AccountShelf::highestModSeq);
    }

    private int version() throws IOException {
        return use(shelf -> shelf.registrar().version());
    }

    <T> T use(Accounts.Call<T> call) throws IOException {
        return accounts.use(address, call);
    }

    /** In order. */
    List<String> names() throws IOException {
        List<String> names = new ArrayList<>(
                meant.isPresent()
                        ? meant.get().mailboxes()
                        : use(shelf -> shelf.shelf().names()));
        Collections.sort(names);
        return names;
    }

    boolean counts(String name) throws IOException {
        return meant.isEmpty() || meant.get().has(name);
    }

    private AllBoxes every() {
        return new AllBoxes(accounts, address, Optional.empty());
    }

    void each(Each each) throws IOException {
        each(names(), each);
    }

    /** The other way round: what is moved is met on one of both ways. */
    void eachBackwards(Each each) throws IOException {
        List<String> names = names();
        Collections.reverse(names);
        each(names, each);
    }

    private void each(List<String> names, Each each) throws IOException {
        for (String name : names)
            in(name, box -> {
                each.with(box);
                return box;
            });
    }

    /** Something done with one of them under its lock; empty when there is none of that name any more. */
    <T> Optional<T> in(String name, Box.Call<T> call) throws IOException {
        return ifThere(() -> use(shelf -> shelf.use(name, box -> box.with(call))));
    }

    /** What is asked of a mailbox; empty when that is gone. One that is being opened anew is asked once more. */
    static <T> Optional<T> ifThere(Accounts.Look<T> look) throws IOException {
        try {
            return Optional.of(again(look));
        } catch (MailboxFault gone) {
            if (gone.kind() != MailboxFault.Kind.NONEXISTENT) throw gone;
            return Optional.empty();
        }
    }

    private static <T> T again(Accounts.Look<T> look) throws IOException {
        try {
            return look.look();
        } catch (Box.Gone closed) {
            return look.look();
        }
    }

    /** How far the account's count has come, or had when something happened in one of those that are meant; without a look at what other programs did. */
    long state() throws IOException {
        Optional<Long> known = use(shelf -> shelf.registrar().state());
        if (meant.isEmpty()) return known.isPresent() ? known.get() : look().state();
        // Nothing is known of what leaves before somebody has looked at all once.
        if (known.isEmpty()) every().look();
        return highest();
    }

    /** What other programs have done to mailboxes that somebody sees is looked at, and nothing else. */
    private Looked lookAtSome() throws IOException {
        each(Box::refresh);
        // Before the others: as below.
        long state = state();
        Map<Long, String> names = new HashMap<>();
        each(box -> names.put(box.index().table().mailboxId(), box.name()));
        return looked(names, state);
    }

    private long highest() throws IOException {
        long[] highest = {use(shelf -> shelf.registrar().emailFloor())};
        each(box -> highest[0] = Math.max(highest[0], box.index().highestModSeq()));
        return highest[0];
    }

    /** Looks at what other programs did and, where all are meant, to mailboxes as well, and writes that down. */
    Looked look() throws IOException {
        return meant.isPresent() ? lookAtSome() : lookAtAll();
    }

    private Looked lookAtAll() throws IOException {
        for (int i = 1; ; i++) {
            int version = version();
            Map<Long, String> names = new HashMap<>();
            each(box -> {
                box.refresh();
                names.put(box.index().table().mailboxId(), box.name());
            });
            boolean agreed = use(shelf -> shelf.registrar().agree(names, version));
            if (agreed || i == TRIES) return looked(names, modSeq());
        }
    }

    /** The count first: what comes while the mailboxes are gone through is told too early then, and again the next time, but never passed over. */
    private Looked looked(Map<Long, String> names, long state) throws IOException {
        Map<Long, Long> highest = new HashMap<>();
        long[] leftFrom = {use(shelf -> shelf.registrar().emailFloor())};
        each(box -> {
            highest.put(box.index().table().mailboxId(), box.index().highestModSeq());
            leftFrom[0] = Math.max(leftFrom[0], box.index().leftFrom());
        });
        return new Looked(names, highest, leftFrom[0], state);
    }
}
