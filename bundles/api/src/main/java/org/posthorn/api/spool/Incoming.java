package org.posthorn.api.spool;

import java.io.IOException;
import org.osgi.annotation.versioning.ProviderType;
import org.posthorn.api.mail.Message;
import org.posthorn.api.net.Sink;

/** A message on its way in. Small ones are gathered in memory, large ones stream to a file. For one thread at a time. */
@ProviderType
public interface Incoming extends Sink, AutoCloseable {

    /** What has come: whole, when the writer is done. Lasts until this is committed or closed. */
    Message message() throws IOException;

    /** Forgets it, unless it was committed. */
    @Override
    void close();
}
