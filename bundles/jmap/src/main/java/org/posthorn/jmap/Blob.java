package org.posthorn.jmap;

import java.io.IOException;
import java.io.InputStream;
import java.util.OptionalLong;

/** Octets that go by an id, RFC 8620 6: an upload, a message, or a part of one without its transfer encoding. They never change. */
public interface Blob {

    /** In octets; empty when it would have to be decoded to tell. */
    OptionalLong size();

    /** From the start. The caller closes the stream. @throws IOException when it is gone by now */
    InputStream open() throws IOException;
}
