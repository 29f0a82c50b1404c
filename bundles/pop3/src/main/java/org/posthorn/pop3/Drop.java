package org.posthorn.pop3;

import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.api.mailbox.MailboxStore;
import org.posthorn.api.mailbox.UidSet;

/**
 * The maildrop as it was when the session began, RFC 1939 5: messages have numbers from 1 on that stay, whatever other sessions do. One that
 * another session removes keeps its number and is found gone when it is asked for.
 */
final class Drop {

    private final Address account;
    private final long uidValidity;
    private final long[] uids;
    private final long[] sizes;
    private final BitSet deleted;

    private Drop(Address account, long uidValidity, long[] uids, long[] sizes, BitSet deleted) {
        this.account = account;
        this.uidValidity = uidValidity;
        this.uids = uids;
        this.sizes = sizes;
        this.deleted = deleted;
    }

    Address account() {
        return account;
    }

    static Drop open(MailboxStore store, Address account) throws IOException {
        Mailbox inbox = inbox(store, account);
        List<Entry> entries = inbox.entries(UidSet.ALL);
        long[] uids = entries.stream().mapToLong(Entry::uid).toArray();
        long[] sizes = entries.stream().mapToLong(Entry::size).toArray();
        return new Drop(account, inbox.status().uidValidity(), uids, sizes, new BitSet());
    }

    static Drop of(Map<String, String> values) {
        return new Drop(
                Address.of(values.get("account")),
                Long.parseLong(values.get("uidValidity")),
                numbers(values.get("uids")).toArray(),
                numbers(values.get("sizes")).toArray(),
                BitSet.valueOf(numbers(values.get("deleted")).toArray()));
    }

    /** As plain values. */
    Map<String, String> values() {
        return Map.of(
                "account", account.toString(),
                "uidValidity", Long.toString(uidValidity),
                "uids", text(uids),
                "sizes", text(sizes),
                "deleted", text(deleted.toLongArray()));
    }

    private static LongStream numbers(String text) {
        return Arrays.stream(text.split(",")).filter(n -> !n.isEmpty()).mapToLong(Long::parseLong);
    }

    private static String text(long[] numbers) {
        return Arrays.stream(numbers).mapToObj(Long::toString).collect(Collectors.joining(","));
    }

    private static Mailbox inbox(MailboxStore store, Address account) throws IOException {
        return store.account(account).mailbox("INBOX").orElseThrow(() -> new IOException(account + " has no INBOX"));
    }

    Mailbox inbox(MailboxStore store) throws IOException {
        return inbox(store, account);
    }

    /** Whether there is a message of that number which is not marked as deleted. */
    boolean has(int number) {
        return number >= 1 && number <= uids.length && !deleted.get(number);
    }

    long uid(int number) {
        return uids[number - 1];
    }

    long size(int number) {
        return sizes[number - 1];
    }

    String uniqueId(UniqueId form, int number) {
        return form.of(uidValidity, uid(number));
    }

    /** The highest number. */
    int last() {
        return uids.length;
    }

    int count() {
        return uids.length - deleted.cardinality();
    }

    long octets() {
        return IntStream.rangeClosed(1, uids.length)
                .filter(this::has)
                .mapToLong(this::size)
                .sum();
    }

    void delete(int number) {
        deleted.set(number);
    }

    void reset() {
        deleted.clear();
    }

    /** Removes what is marked, and nothing else. @throws IOException also when the marks may mean other messages by now */
    void update(MailboxStore store) throws IOException {
        if (deleted.isEmpty()) return;
        Mailbox inbox = inbox(store);
        if (inbox.status().uidValidity() != uidValidity)
            throw new IOException("the INBOX of " + account + " was numbered anew during the session");
        inbox.expunge(UidSet.ofUids(deleted.stream().mapToLong(this::uid)));
    }
}
