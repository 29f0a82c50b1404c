package org.posthorn.api.net;

import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * One client's talk with a protocol: a state machine. The door calls it on worker threads, never on two at once and always with
 * what the calls before it did in sight; a call may block for the disk or the DNS, but not for the client. What a call throws
 * ends the connection and is logged.
 */
@ConsumerType
public interface Conversation {

    /** So many octets at the begin of a line that was dropped are told. */
    int BEGIN = 128;

    /** And so many at its end, where it may say that more than a line follows. */
    int END = 32;

    /** The connection stands, and TLS if it is implicit: greet. */
    void opened();

    /** A line came. Octets as ISO-8859-1 characters, without the CRLF. */
    void line(String line);

    /** What {@link Connection#receive} or {@link Connection#receiveDotted} was asked for has come. */
    void received(Received what);

    /** The line was no line: too long, or with a bare CR or LF. It has been dropped to its end; the conversation goes on. */
    void broken(LineFault fault);

    /**
     * The same of a line of which that is known, which is the one that is called.
     *
     * @param ends its first {@value #BEGIN} octets and its last {@value #END}, which may be wrong themselves; all of it, when it has no more
     */
    default void broken(LineFault fault, String ends) {
        broken(fault);
    }

    /** The handshake that {@link Connection#startTls} asked for is done. What was known of the client before is to be forgotten. */
    void secured();

    /** The server ends the talk: say goodbye in the protocol's words. The door closes when that is sent. */
    void ending(Farewell why);

    /** The connection is gone, whoever closed it. The last call; nothing can be sent any more. */
    void closed();

    /** Its state as plain values when it stands between two commands, for the next version; empty when it is in the middle of something. */
    Optional<Suspended> suspend();
}
