package org.posthorn.imap;

import java.util.Optional;

/**
 * The announcement of a literal at the end of a line, RFC 3501 4.3 and RFC 7888 3.
 *
 * @param octets at most {@link Long#MAX_VALUE}, whatever was written
 * @param sync whether the client waits for a word to go on
 */
record Literal(long octets, boolean sync) {

    static Optional<Literal> atEndOf(String line) {
        int open = line.endsWith("}") ? line.lastIndexOf('{') : -1;
        if (open < 0) return Optional.empty();
        boolean sync = line.charAt(line.length() - 2) != '+';
        int end = line.length() - (sync ? 1 : 2);
        for (int i = open + 1; i < end; i++) if (line.charAt(i) < '0' || line.charAt(i) > '9') return Optional.empty();
        if (end <= open + 1) return Optional.empty();
        return Optional.of(
                new Literal(end - open > 18 ? Long.MAX_VALUE : Long.parseLong(line, open + 1, end, 10), sync));
    }
}
