package org.posthorn.imap.command;

/** What a section of a message stands for. */
sealed interface Extent {

    /** Octets of the message as they lie there. */
    record Slice(long from, long count) implements Extent {}

    /** What was picked out of a header; characters stand for octets. */
    record Text(String text) implements Extent {}
}
