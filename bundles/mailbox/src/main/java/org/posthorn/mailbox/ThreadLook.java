package org.posthorn.mailbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Message;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks for threads, and works out those that nobody has asked for yet: outside of all locks, a few messages at a time. */
record ThreadLook(Accounts accounts, Address address) {

    private static final Logger LOG = LoggerFactory.getLogger(ThreadLook.class);
    /** In place of a thread. */
    private static final long UNREADABLE = -1;

    private static final int AT_ONCE = 256;

    /**
     * The threads of messages of a mailbox; 0 for those that are gone. What cannot be read is by itself for this time.
     *
     * @param uids theirs
     * @param emails the numbers of their EMAILIDs
     */
    long[] of(String mailbox, long[] uids, long[] emails) throws IOException {
        long[] threads = known(emails);
        int[] missing = missing(threads);
        UserMailbox box = new UserMailbox(accounts, address, mailbox);
        for (int from = 0; from < missing.length; from += AT_ONCE)
            workOut(
                    box,
                    uids,
                    emails,
                    threads,
                    Arrays.copyOfRange(missing, from, Math.min(missing.length, from + AT_ONCE)));
        return threads;
    }

    long[] known(long[] emails) throws IOException {
        return accounts.use(address, shelf -> shelf.threads().of(emails));
    }

    private static int[] missing(long[] threads) {
        int[] missing = new int[threads.length];
        int n = 0;
        for (int i = 0; i < threads.length; i++) if (threads[i] == 0) missing[n++] = i;
        return Arrays.copyOf(missing, n);
    }

    private void workOut(UserMailbox box, long[] uids, long[] emails, long[] threads, int[] places) throws IOException {
        long[] read = new long[places.length];
        try {
            for (int i = 0; i < places.length; i++) {
                int at = places[i];
                read[i] = thread(box, uids[at], emails[at]);
                threads[at] = read[i] == UNREADABLE ? ThreadNumber.of(List.of(), emails[at]) : read[i];
            }
        } finally {
            // Whatever became of the others: these need not be read again.
            long[] some = Arrays.stream(places).mapToLong(at -> emails[at]).toArray();
            long[] kept = Arrays.stream(read).map(thread -> Math.max(0, thread)).toArray();
            accounts.use(address, shelf -> {
                shelf.threads().add(some, kept);
                return shelf;
            });
        }
    }

    private long thread(UserMailbox box, long uid, long email) throws IOException {
        Optional<Message> message;
        try {
            message = AllBoxes.ifThere(() -> box.message(uid)).flatMap(found -> found);
        } catch (NoSuchFileException gone) {
            return 0;
        }
        try {
            return message.isEmpty() ? 0 : ThreadNumber.of(message.get().header(), email);
        } catch (NoSuchFileException gone) {
            return 0;
        } catch (IOException | UncheckedIOException e) {
            LOG.warn(
                    "The header of message {} in {} of {} cannot be read, it counts as a thread of its own: {}",
                    uid,
                    box.name(),
                    address,
                    e.toString());
            return UNREADABLE;
        }
    }
}
