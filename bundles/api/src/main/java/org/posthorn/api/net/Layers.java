package org.posthorn.api.net;

import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** What lies between a conversation and the network: TLS, and compression above it (RFC 4978 3), in whatever order they are asked for. */
@ProviderType
public interface Layers {

    /** What is known of TLS; empty as long as there is none. */
    Optional<Tls> tls();

    /**
     * Begins TLS after what has been sent up to now; {@link Conversation#secured()} follows. A client that had sent more in clear by
     * then is cut off (the STARTTLS injection).
     */
    void startTls();

    /** Whether both ways are compressed. */
    boolean compressed();

    /**
     * Compresses both ways by DEFLATE (RFC 1951) after the line that came last and what has been sent up to now. A client that had sent more by then is told {@link Farewell#AHEAD},
     * compressed; one whose octets cannot be inflated is cut off. The last thing to do in a call.
     */
    void compress();

    /** Ends that, if it is so, at the same place; what comes behind that line is taken as it is. The last thing to do in a call. */
    void uncompress();
}
