package org.posthorn.api.net;

import org.osgi.annotation.versioning.ProviderType;

/** The way from the client. Lines are what comes unless something else is asked for. */
@ProviderType
public interface Input {

    /** The longest line that is taken from now on, in octets without CRLF; default 2048. Longer ones are {@link LineFault#TOO_LONG}. */
    void lineLimit(int octets);

    /** Gives the next octets, exactly so many, to the sink; then {@link Conversation#received}, then lines again. */
    void receive(long octets, Sink sink);

    /**
     * Gives lines to the sink up to the one with a single dot, dots taken out (RFC 5321 4.5.2); then {@link Conversation#received},
     * then lines again. A bare CR or LF neither ends a line nor the data.
     *
     * @param limit octets; what comes beyond is dropped
     */
    void receiveDotted(long limit, Sink sink);
}
