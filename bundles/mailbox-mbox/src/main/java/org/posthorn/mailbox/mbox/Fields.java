package org.posthorn.mailbox.mbox;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.posthorn.api.mailbox.Flags;

/**
 * The header fields that an mbox keeps for itself, as mutt and Dovecot have them. They are no part of the message for its readers. Ours have room, so
 * that flags can be changed where they stand.
 */
final class Fields {

    static final String UID = "x-uid";
    static final String BASE = "x-imapbase";
    /** What c-client calls it, in a first message that is none. */
    static final String INTERNAL = "x-imap";

    static final String STATUS = "status";
    static final String X_STATUS = "x-status";
    static final String KEYWORDS = "x-keywords";
    /** Digits of the last UID in X-IMAPbase; it is overwritten where it stands. */
    static final int UID_DIGITS = 10;

    private static final Set<String> OWN = Set.of(UID, BASE, INTERNAL, STATUS, X_STATUS, KEYWORDS);
    /** These change when other programs write the file; they are the message's, but tell nothing of who it is. */
    private static final Set<String> FICKLE = Set.of("content-length", "lines");

    private static final int KEYWORD_ROOM = 40;

    private Fields() {}

    static boolean own(String name) {
        return OWN.contains(name);
    }

    static boolean fickle(String name) {
        return FICKLE.contains(name);
    }

    /** The name of the field that begins there, in lower case; empty when none does. */
    static String name(byte[] line, int from, int length) {
        int end = from;
        while (end < from + length && line[end] > ' ' && line[end] != ':') end++;
        if (end == from || end == from + length || line[end] != ':') return "";
        return new String(line, from, end - from, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
    }

    static String base(long uidValidity, long lastUid) {
        return "X-IMAPbase: " + uidValidity + " " + digits(lastUid) + "\n";
    }

    static String digits(long uid) {
        return String.format("%0" + UID_DIGITS + "d", uid);
    }

    static String uid(long uid) {
        return uid > 0 ? "X-UID: " + uid + "\n" : "";
    }

    static String flags(Flags flags) {
        return "Status: " + status(flags) + "\nX-Status: " + xStatus(flags) + "\nX-Keywords: "
                + padded(String.join(" ", flags.keywords()), KEYWORD_ROOM) + "\n";
    }

    /** R for read; O, for no longer recent, always: who is recent is not kept here. */
    static String status(Flags flags) {
        return flags.has(Flags.SEEN) ? "RO" : "O ";
    }

    static String xStatus(Flags flags) {
        String letters = (flags.has(Flags.ANSWERED) ? "A" : "")
                + (flags.has(Flags.DELETED) ? "D" : "")
                + (flags.has(Flags.FLAGGED) ? "F" : "")
                + (flags.has(Flags.DRAFT) ? "T" : "");
        return padded(letters, 4);
    }

    static String padded(String text, int length) {
        return text.length() >= length ? text : text + " ".repeat(length - text.length());
    }

    static int bits(String name, String value) {
        int bits = 0;
        boolean extended = name.equals(X_STATUS);
        for (char c : value.toCharArray()) {
            bits |= switch (c) {
                case 'R' -> extended ? 0 : Flags.SEEN;
                case 'A' -> extended ? Flags.ANSWERED : 0;
                case 'D' -> extended ? Flags.DELETED : 0;
                case 'F' -> extended ? Flags.FLAGGED : 0;
                case 'T' -> extended ? Flags.DRAFT : 0;
                default -> 0;
            };
        }
        return bits;
    }

    static List<String> keywords(String value) {
        List<String> words = new ArrayList<>(Arrays.asList(value.strip().split(" +")));
        words.removeIf(word -> !Flags.keyword(word));
        return words;
    }

    /** A number of at most ten digits at that word; 0 when there is none. */
    static long number(String value, int word) {
        String[] words = value.strip().split(" +");
        if (word >= words.length || !words[word].matches("\\d{1,10}")) return 0;
        long number = Long.parseLong(words[word]);
        return number > 0xFFFFFFFFL ? 0 : number;
    }
}
