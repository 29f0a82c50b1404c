package org.posthorn.api.mailbox;

/**
 * How much mail: what is held, or as a limit what may be.
 *
 * @param octets of messages with CRLF line ends
 */
public record Amount(long octets, long messages) {

    public static final Amount NOTHING = new Amount(0, 0);

    /** As a limit: of none. */
    public static final Amount ENDLESS = new Amount(Long.MAX_VALUE, Long.MAX_VALUE);

    public Amount plus(Amount more) {
        return new Amount(octets + more.octets, messages + more.messages);
    }

    public Amount minus(Amount less) {
        return new Amount(octets - less.octets, messages - less.messages);
    }
}
