package org.posthorn.api.mailbox;

import java.util.HexFormat;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** Identifiers as protocols tell them, RFC 8474 8.1: a letter for what it is, and a number in sixteen hexadecimal digits. */
public final class ObjectId {

    private static final Pattern NUMBER = Pattern.compile("[0-9a-f]{16}");

    private ObjectId() {}

    /** A MAILBOXID. */
    public static String mailbox(long number) {
        return "F" + HexFormat.of().toHexDigits(number);
    }

    /** An EMAILID. */
    public static String email(long number) {
        return "M" + HexFormat.of().toHexDigits(number);
    }

    /** A THREADID. */
    public static String thread(long number) {
        return "T" + HexFormat.of().toHexDigits(number);
    }

    /** The number of an EMAILID; empty for what can be none. Case counts. */
    public static OptionalLong emailNumber(String id) {
        return number('M', id);
    }

    /** The number of a THREADID; likewise. */
    public static OptionalLong threadNumber(String id) {
        return number('T', id);
    }

    private static OptionalLong number(char kind, String id) {
        return !id.isEmpty()
                        && id.charAt(0) == kind
                        && NUMBER.matcher(id.substring(1)).matches()
                ? OptionalLong.of(HexFormat.fromHexDigitsToLong(id, 1, id.length()))
                : OptionalLong.empty();
    }
}
