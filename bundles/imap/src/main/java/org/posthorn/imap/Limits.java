package org.posthorn.imap;

import java.time.Duration;
import java.util.Map;

/**
 * What a client may ask of the server, from the settings.
 *
 * @param login how long it may take to log in
 * @param quiet how long it may say nothing after that, RFC 3501 5.4
 * @param append the longest message that APPEND takes, in octets
 * @param grace how long a command waits for a part of the server that is being replaced
 * @param server annotations of the server that all users see, RFC 5464 3.2.1.1: values as octets
 */
public record Limits(Duration login, Duration quiet, long append, Duration grace, Map<String, String> server) {

    /** The longest line before and after login; RFC 7162 4 asks for 8192, and SASL for 12,288. */
    static final int LINE_BEFORE = 12_288 + 64;

    static final int LINE_AFTER = 1 << 16;

    /** The longest command with its literals, messages excepted. */
    static final int COMMAND = 1 << 18;

    /** So many literals a command may have. */
    public static final int LITERALS = 500;

    /** So many octets the messages of one command may have together, RFC 3502. */
    public static final long STAGED = 1L << 30;

    /** A refused literal that the client sends unasked (RFC 7888 4) is passed over up to this size, before login up to that of a command; beyond it the connection is closed. */
    static final long PASSED_OVER = 1L << 30;

    /** So many wrong commands, and wrong passwords, are borne. */
    static final int FAULTS = 20;

    static final int FAILURES = 6;
}
