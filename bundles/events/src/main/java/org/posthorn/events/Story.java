package org.posthorn.events;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.posthorn.api.events.MailEvent;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.MailId;

/**
 * What happened to one mail, as lines, and what it is looked up by. Its length is bounded: the beginning and the newest are kept, what lies
 * between is counted. For one thread.
 */
final class Story {

    /** Characters of a story's text at most; what a column of the database holds. */
    static final int LONGEST = 16_000;

    private static final int HEAD = 11_000;
    private static final int TAIL = LONGEST - HEAD - 100;
    private static final int MOST_KEYS = 1_000;
    private static final String VERSION = "1";
    private static final String CUT = "\u2026\t";

    private final MailId id;
    private final List<String> head = new ArrayList<>();
    private final Deque<String> tail = new ArrayDeque<>();
    private int headLength;
    private int tailLength;
    private int cut;
    private long messageKey;
    private long senderKey;
    private long recipientKey;
    private final Set<Long> otherKeys = new TreeSet<>();
    private final List<Long> freshKeys = new ArrayList<>();
    /** The address that was looked at last: most steps are about the same one. */
    private Address last;

    /** Whether its first event is here, so that the database cannot hold more of it. */
    private boolean whole;

    private boolean stored;

    Story(MailId id) {
        this.id = id;
    }

    /** Lines that cannot be read are kept as they are. */
    static Story read(MailId id, String text) {
        Story story = new Story(id);
        List<String> lines = text.lines().toList();
        for (String line : lines.subList(Math.min(1, lines.size()), lines.size())) {
            if (line.startsWith(CUT)) story.cut += Integer.parseInt(line.substring(CUT.length()));
            else story.line(line);
        }
        story.stored();
        return story;
    }

    MailId id() {
        return id;
    }

    void add(MailEvent event) {
        keys(event);
        whole |= event instanceof MailEvent.Begun;
        append(EventLine.write(event));
    }

    private void line(String line) {
        try {
            keys(EventLine.read(id, line));
        } catch (IllegalArgumentException newer) {
            // It is shown as it stands.
            append(line);
            return;
        }
        append(line);
    }

    private void append(String line) {
        if (cut == 0 && tail.isEmpty() && headLength + line.length() < HEAD) {
            head.add(line);
            headLength += line.length() + 1;
            return;
        }
        String fits = fitting(line);
        tail.add(fits);
        tailLength += fits.length() + 1;
        while (tailLength > TAIL && tail.size() > 1) {
            tailLength -= tail.remove().length() + 1;
            cut++;
        }
    }

    /** It, without its end when it alone would be too long: what a line lacks at its end is empty. */
    private static String fitting(String line) {
        int most = TAIL - 1;
        if (line.length() <= most) return line;
        return line.substring(0, Character.isHighSurrogate(line.charAt(most - 1)) ? most - 1 : most);
    }

    /** The database has it as it is now. */
    void stored() {
        stored = true;
        freshKeys.clear();
    }

    /** Whether the database has a row of it. */
    boolean isStored() {
        return stored;
    }

    /** What the database has of it comes first; this is what happened since. */
    void precede(Story before) {
        stored = true;
        List<String> since = lines();
        head.clear();
        tail.clear();
        headLength = before.headLength;
        tailLength = before.tailLength;
        int between = cut;
        cut = before.cut + between;
        head.addAll(before.head);
        tail.addAll(before.tail);
        since.forEach(this::append);
        if (before.messageKey != 0) messageKey = before.messageKey;
        if (before.senderKey != 0) senderKey = before.senderKey;
        if (before.recipientKey != 0) recipientKey = before.recipientKey;
        freshKeys.removeAll(before.otherKeys);
        otherKeys.addAll(before.otherKeys);
    }

    /** Its beginning, which nobody has told before what came behind it. */
    void begin(List<MailEvent> beginning) {
        List<String> since = lines();
        head.clear();
        tail.clear();
        headLength = 0;
        tailLength = 0;
        beginning.forEach(this::add);
        since.forEach(this::append);
    }

    private void keys(MailEvent event) {
        if (event instanceof MailEvent.Begun e) {
            e.sender().ifPresent(s -> senderKey = Keys.of(s));
            e.origin().login().ifPresent(this::address);
        } else if (event instanceof MailEvent.Content e && !e.messageId().isEmpty())
            messageKey = Keys.ofMessageId(e.messageId());
        else if (event instanceof MailEvent.Answered e) address(e.recipient());
        else if (event instanceof MailEvent.Routed e) address(e.recipient());
        else if (event instanceof MailEvent.Attempted e) address(e.recipient());
        else if (event instanceof MailEvent.Shelved e) address(e.account());
    }

    private void address(Address address) {
        if (address.equals(last)) return;
        last = address;
        long key = Keys.of(address);
        if (key == senderKey || key == recipientKey) return;
        if (recipientKey == 0) recipientKey = key;
        else if (otherKeys.size() < MOST_KEYS && otherKeys.add(key)) freshKeys.add(key);
    }

    /** The steps, with one that says how many are left out. */
    private List<String> lines() {
        return Stream.concat(head.stream(), tail.stream()).toList();
    }

    int length() {
        return headLength + tailLength;
    }

    String text() {
        StringBuilder text = new StringBuilder(length() + 32).append(VERSION).append('\n');
        head.forEach(line -> text.append(line).append('\n'));
        if (cut > 0) text.append(CUT).append(cut).append('\n');
        tail.forEach(line -> text.append(line).append('\n'));
        return text.toString();
    }

    /** What happened, as far as it is kept and can be read. */
    Told told() {
        List<MailEvent> events = new ArrayList<>();
        int unread = 0;
        for (String line : lines()) {
            try {
                events.add(EventLine.read(id, line));
            } catch (IllegalArgumentException newer) {
                unread++;
            }
        }
        return new Told(id, events, cut + unread, head.size());
    }

    long messageKey() {
        return messageKey;
    }

    long senderKey() {
        return senderKey;
    }

    long recipientKey() {
        return recipientKey;
    }

    /** Further addresses that are not yet in the database. */
    List<Long> freshKeys() {
        return freshKeys;
    }

    boolean whole() {
        return whole;
    }

    /** Whether it can be found by that. */
    boolean has(Set<Long> keys) {
        return keys.contains(messageKey)
                || keys.contains(senderKey)
                || keys.contains(recipientKey)
                || otherKeys.stream().anyMatch(keys::contains);
    }
}
