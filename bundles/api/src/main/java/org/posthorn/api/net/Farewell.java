package org.posthorn.api.net;

/** Why the server ends a talk. */
public enum Farewell {
    /** Nothing came for the time that {@link Connection#timeout} set. */
    IDLE,
    /** The server, or this protocol, goes down. */
    STOPPING,
    /** Another version of this protocol is in its place, the talk could not go on in that in time, and this version goes. The client finds the other one at once. */
    REPLACED,
    /** Too many connections, from this client or in all. Comes instead of {@link Conversation#opened()}. */
    CROWDED,
    /** The client went on before it had the answer from which on all is compressed (RFC 4978 3): what it sent is neither in clear nor compressed. */
    AHEAD
}
