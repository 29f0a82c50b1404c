package org.posthorn.testkit;

import java.io.IOException;

/** The client's end of a connection. Characters stand for octets. */
public interface Line extends AutoCloseable {

    /** Sends octets as they are. */
    void send(String octets) throws IOException;

    /** The next line without its CRLF; null when the server has closed. @throws IOException when none comes within ten seconds */
    String read() throws IOException;

    /** Goes over to TLS, as a client does after the server's word to begin. */
    void startTls() throws IOException;

    /** Compresses both ways by DEFLATE, as a client does after the server's word that it does. */
    void compress() throws IOException;

    /** Ends that, as a client does behind the last word that the server compresses. */
    void uncompress() throws IOException;

    @Override
    void close() throws IOException;
}
