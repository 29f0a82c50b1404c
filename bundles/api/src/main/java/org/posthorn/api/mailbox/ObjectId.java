package org.posthorn.api.mailbox;

import java.util.HexFormat;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** Identifiers as protocols tell them, RFC 8474 8.1: a letter for what it is, and a number in sixteen hexadecimal digits. */
public final class ObjectId {

    private static final Pattern EMAIL = Pattern.compile("M[0-9a-f]{16}");

    private ObjectId() {}

    /** A MAILBOXID. */
    public static String mailbox(long number) {
        return "F" + HexFormat.of().toHexDigits(number);
    }

    /** An EMAILID. */
    public static String email(long number) {
        return "M" + HexFormat.of().toHexDigits(number);
    }

    /** The number of an EMAILID; empty for what can be none. Case counts. */
    public static OptionalLong emailNumber(String id) {
        return EMAIL.matcher(id).matches()
                ? OptionalLong.of(HexFormat.fromHexDigitsToLong(id, 1, id.length()))
                : OptionalLong.empty();
    }
}
