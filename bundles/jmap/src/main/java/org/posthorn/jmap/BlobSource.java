package org.posthorn.jmap;

import java.io.IOException;
import java.util.Optional;
import org.posthorn.api.mail.Address;

/** Knows blobs of one kind by the form of their ids. Safe for several threads. */
@FunctionalInterface
public interface BlobSource {

    /**
     * A blob of that account, good for as long as the context is open.
     *
     * @return empty when it knows none of that id
     */
    Optional<Blob> find(Context context, Address account, String id) throws IOException, MethodFault;
}
