package org.posthorn.mailbox.maildir;

import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;

/** The name of a file in {@code new} or {@code cur}: what stays, and the info that tells flags. */
record MaildirName(String key, String info) {

    static final String NO_FLAGS = ":2,";

    /** File names have 255 octets at most; the six letters of the specification and those of all keywords shall fit. */
    private static final int LONGEST_KEY = 255 - NO_FLAGS.length() - 6 - Letters.MOST;

    /** Any name will do; one without info has none. */
    static MaildirName of(String file) {
        int colon = file.indexOf(':');
        return colon < 0 ? new MaildirName(file, "") : new MaildirName(file.substring(0, colon), file.substring(colon));
    }

    /** Whether there is a key, and room for flags behind it. */
    boolean roomy() {
        if (key.isEmpty()) return false;
        return key.length() <= LONGEST_KEY / 4 || key.getBytes(StandardCharsets.UTF_8).length <= LONGEST_KEY;
    }

    /** The letters of the flags; those of an info that is not of version 2 mean nothing to us. */
    static String letters(String info) {
        return info.startsWith(NO_FLAGS) ? info.substring(NO_FLAGS.length()) : "";
    }

    /** The size with CRLF, if the name tells it. */
    static OptionalLong size(String key) {
        int from = key.indexOf(",W=");
        if (from < 0) return OptionalLong.empty();
        int end = from + 3;
        while (end < key.length() && key.charAt(end) >= '0' && key.charAt(end) <= '9') end++;
        boolean number = end > from + 3 && end < from + 21 && (end == key.length() || key.charAt(end) == ',');
        return number ? OptionalLong.of(Long.parseLong(key, from + 3, end, 10)) : OptionalLong.empty();
    }
}
