package org.posthorn.sasl;

import java.io.IOException;
import org.osgi.annotation.versioning.ProviderType;

/** One talk by which a client proves who it is, RFC 4422 3. For one thread at a time; over when a step is not a challenge. */
@ProviderType
public interface Exchange {

    /** What to send to a client that came without an initial response; its answer goes to {@link #next}. */
    byte[] prompt();

    /** Takes the client's response. @throws IOException when it could not be judged: a temporary failure */
    Step next(byte[] response) throws IOException;
}
