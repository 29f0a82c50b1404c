package org.posthorn.pop3;

/**
 * Lines of a multi-line answer, RFC 1939 3: one that begins with the termination octet has it twice. Counts lines of the body as it goes, and stops
 * behind the last that is wanted.
 */
final class DotStuffing {

    private long left;
    private boolean inHeader = true;
    private boolean lineStart = true;
    private boolean emptyLine = true;
    private boolean startedHere = true;
    private int dots;

    /** @param bodyLines how many lines behind the empty one that ends the header */
    DotStuffing(long bodyLines) {
        left = bodyLines;
    }

    /** Looks at the next piece. @return how much of it is wanted */
    int take(byte[] piece, int length) {
        startedHere = lineStart;
        dots = 0;
        int i = 0;
        while (i < length && !done()) {
            byte octet = piece[i++];
            if (octet == '\n') lineEnd();
            else {
                if (lineStart && octet == '.') dots++;
                lineStart = false;
                if (octet != '\r') emptyLine = false;
            }
        }
        return i;
    }

    private void lineEnd() {
        if (!inHeader) left--;
        else if (emptyLine) inHeader = false;
        lineStart = true;
        emptyLine = true;
    }

    /** Whether all lines that are wanted have been seen. */
    boolean done() {
        return !inHeader && left <= 0;
    }

    /** How many dots the last piece needs. */
    int dots() {
        return dots;
    }

    /** The last piece with its dots doubled. */
    byte[] stuffed(byte[] piece, int wanted) {
        byte[] stuffed = new byte[wanted + dots];
        boolean start = startedHere;
        int to = 0;
        for (int i = 0; i < wanted; i++) {
            if (start && piece[i] == '.') stuffed[to++] = '.';
            stuffed[to++] = piece[i];
            start = piece[i] == '\n';
        }
        return stuffed;
    }

    /** What ends the answer, behind a last line that may lack its end. */
    String end() {
        return lineStart ? ".\r\n" : "\r\n.\r\n";
    }
}
