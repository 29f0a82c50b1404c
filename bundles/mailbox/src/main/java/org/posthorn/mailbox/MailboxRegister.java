package org.posthorn.mailbox;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.posthorn.api.mailbox.MailboxChanges;
import org.posthorn.api.mailbox.ObjectId;
import org.posthorn.mime.ModifiedUtf7;

/**
 * Since when an account has which mailboxes, and which it has no longer: by the number of the MAILBOXID, in the account's file. It begins when somebody asks for the
 * first time. Bounded: what is gone longest is forgotten, and it knows how far back it reaches. For whoever holds the account.
 */
final class MailboxRegister {

    private static final AtomicInteger VERSIONS = new AtomicInteger();
    private static final int MOST_GONE = 1000;
    /** So many emails that went with their mailboxes. */
    static final int MOST_EMAILS = 2000;

    /**
     * A mailbox that is there.
     *
     * @param born the mod-sequence with which it came, 0 for before all
     * @param changed that of its last other name, use, subscription or rights
     */
    record Known(String name, long born, long changed) {

        Known named(String other, long modSeq) {
            return new Known(other, born, modSeq);
        }
    }

    /** One that is gone since that mod-sequence. */
    record Gone(long number, long born, long modSeq) {}

    /** An email that went with its mailbox. */
    record Left(long emailId, long born, long modSeq) {}

    private boolean begun;
    private long floor;
    private long emailFloor;
    private int version = VERSIONS.incrementAndGet();
    private final Map<Long, Known> there = new LinkedHashMap<>();
    private final Deque<Gone> gone = new ArrayDeque<>();
    private final List<Left> left = new ArrayList<>();

    boolean begun() {
        return begun;
    }

    /** As it was before anybody asked. */
    void forget() {
        begun = false;
        there.clear();
        gone.clear();
        left.clear();
    }

    /** Another one whenever a mailbox has come, gone or been renamed, or the account was opened: whether anybody has asked yet or not. */
    int version() {
        return version;
    }

    /** A mailbox has come, gone or been renamed. */
    void moved() {
        version = VERSIONS.incrementAndGet();
    }

    /** From now on it knows of changes. @param names of mailboxes by number */
    void begin(Map<Long, String> names, long modSeq) {
        begun = true;
        floor = Math.max(floor, modSeq);
        emailsUnknown(modSeq);
        names.forEach((number, name) -> there.put(number, new Known(name, 0, 0)));
    }

    /** Nobody knows what became of mailboxes up to that mod-sequence. */
    long floor() {
        return floor;
    }

    /** The same of emails, beside what indexes know. */
    long emailFloor() {
        return emailFloor;
    }

    void emailsUnknown(long modSeq) {
        emailFloor = Math.max(emailFloor, modSeq);
    }

    Map<Long, Known> there() {
        return there;
    }

    Deque<Gone> gone() {
        return gone;
    }

    List<Left> left() {
        return left;
    }

    void made(long number, String name, long modSeq) {
        moved();
        there.put(number, new Known(name, modSeq, modSeq));
    }

    void renamed(String from, String to, long modSeq) {
        moved();
        there.replaceAll((number, known) -> known.name().equals(from) ? known.named(to, modSeq) : known);
    }

    /** @return whether there is one of that name */
    boolean changed(String name, long modSeq) {
        boolean known = there.values().stream().anyMatch(k -> k.name().equals(name));
        if (known) renamed(name, name, modSeq);
        return known;
    }

    /** @param emails that go with it; empty when nobody knows */
    void gone(String name, long modSeq, Optional<Leaving> emails) {
        there.entrySet().stream()
                .filter(known -> known.getValue().name().equals(name))
                .map(Map.Entry::getKey)
                .toList()
                .forEach(number -> bury(number, modSeq));
        if (emails.isEmpty()) emailsUnknown(modSeq);
        else left(emails.get(), modSeq);
    }

    /** Each counts from when it left, so that the oldest are forgotten first. */
    private void left(Leaving emails, long modSeq) {
        emailsUnknown(emails.unknown());
        left.addAll(emails.left());
        emails.there().forEach((id, born) -> left.add(new Left(id, born, modSeq)));
        left.sort(Comparator.comparingLong(Left::modSeq));
        List<Left> oldest = left.subList(0, Math.max(0, left.size() - MOST_EMAILS));
        if (!oldest.isEmpty()) emailsUnknown(oldest.get(oldest.size() - 1).modSeq());
        oldest.clear();
        left.removeIf(one -> one.modSeq() <= emailFloor);
    }

    private void bury(long number, long modSeq) {
        moved();
        gone.add(new Gone(number, there.remove(number).born(), modSeq));
        while (gone.size() > MOST_GONE) floor = Math.max(floor, gone.remove().modSeq());
    }

    /** Whether just these are there, under these names. */
    boolean agrees(Map<Long, String> names) {
        return there.size() == names.size()
                && names.entrySet().stream()
                        .allMatch(e -> there.containsKey(e.getKey())
                                && there.get(e.getKey()).name().equals(e.getValue()));
    }

    /** Takes over what others did, or a crash left: all with that mod-sequence. */
    void agree(Map<Long, String> names, long modSeq) {
        // By number: another that is there may have the name of one that is not.
        List<Long> missing =
                there.keySet().stream().filter(n -> !names.containsKey(n)).toList();
        for (long number : missing) bury(number, modSeq);
        if (!missing.isEmpty()) emailsUnknown(modSeq);
        names.forEach((number, name) -> {
            Known known = there.get(number);
            if (known == null) made(number, name, modSeq);
            else if (!known.name().equals(name)) there.put(number, known.named(name, modSeq));
        });
    }

    /** What became of them after that mod-sequence. What came and went since is not told, and what came or went after the look is the next time. */
    MailboxChanges changes(AllBoxes.Looked looked, long since) {
        List<String> created = new ArrayList<>();
        List<String> updated = new ArrayList<>();
        List<String> counted = new ArrayList<>();
        there.forEach((number, known) -> {
            if (known.born() > looked.state()) return;
            if (known.born() > since) created.add(ObjectId.mailbox(number));
            else if (known.changed() > since) updated.add(ObjectId.mailbox(number));
            else if (looked.highest().getOrDefault(number, 0L) > since) counted.add(ObjectId.mailbox(number));
        });
        List<String> destroyed = gone.stream()
                .filter(one -> one.modSeq() > since && one.modSeq() <= looked.state() && one.born() <= since)
                .map(one -> ObjectId.mailbox(one.number()))
                .toList();
        return new MailboxChanges(created, updated, counted, destroyed, looked.state());
    }

    /** As lines of the account's file. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        if (!begun) return lines;
        lines.add("mailboxes " + floor + " " + emailFloor);
        there.forEach((number, known) -> lines.add("mailbox " + Long.toHexString(number) + " " + known.born() + " "
                + known.changed() + " " + ModifiedUtf7.encode(known.name())));
        for (Gone one : gone)
            lines.add("gone " + Long.toHexString(one.number()) + " " + one.born() + " " + one.modSeq());
        for (Left one : left)
            lines.add("left " + Long.toHexString(one.emailId()) + " " + one.born() + " " + one.modSeq());
        return lines;
    }

    /** Reads such a line; others are passed over. @throws NumberFormatException when it is damaged */
    void take(String word, String value) {
        String[] words = value.split(" ", 4);
        if (word.equals("mailboxes") && words.length == 2) {
            begun = true;
            floor = Long.parseLong(words[0]);
            emailFloor = Long.parseLong(words[1]);
        } else if (!begun) return;
        else if (word.equals("mailbox") && words.length == 4) {
            long born = Long.parseLong(words[1]);
            long changed = Long.parseLong(words[2]);
            ModifiedUtf7.decode(words[3]).ifPresent(name -> there.put(hex(words[0]), new Known(name, born, changed)));
        } else if (word.equals("gone") && words.length == 3)
            gone.add(new Gone(hex(words[0]), Long.parseLong(words[1]), Long.parseLong(words[2])));
        else if (word.equals("left") && words.length == 3)
            left.add(new Left(hex(words[0]), Long.parseLong(words[1]), Long.parseLong(words[2])));
    }

    private static long hex(String digits) {
        return Long.parseUnsignedLong(digits, 16);
    }
}
