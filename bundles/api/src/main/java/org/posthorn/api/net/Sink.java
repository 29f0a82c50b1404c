package org.posthorn.api.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ConsumerType;

/** Takes bytes as they come. */
@ConsumerType
public interface Sink {

    /** Takes all that remains in the buffer, which it does not keep. */
    void write(ByteBuffer bytes) throws IOException;
}
