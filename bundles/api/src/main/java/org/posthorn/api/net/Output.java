package org.posthorn.api.net;

import org.osgi.annotation.versioning.ProviderType;
import org.posthorn.api.mail.Message;

/** The way to the client. What is sent goes out in that order, together where it can; sending never waits for the client. */
@ProviderType
public interface Output {

    /** Sends characters as octets (ISO-8859-1); CRLFs are the caller's. */
    void send(String octets);

    /** Sends a part of a message as it lies there. Read when the client takes it, never whole in memory. */
    void send(Message message, long position, long count);

    /**
     * Sends an answer that is too long to hold: calls the producer again whenever the client has taken what was sent, and the
     * conversation with the next line only when it is done. No thread waits. The last thing to do in a call.
     */
    void produce(Producer producer);

    /** Sends what is to be sent, then closes, with a TLS close_notify where there is TLS. */
    void close();
}
