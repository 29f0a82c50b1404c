package org.posthorn.net;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.posthorn.api.net.Listener;

/**
 * What a listener's file says, as a connection needs it.
 *
 * @param idle for as long as the protocol has not said otherwise
 * @param crowd those who came through it
 */
record Port(String name, String protocol, TlsMode tls, BooleanSupplier clearLogin, Duration idle, Crowd crowd) {

    /** How TLS comes in. */
    enum TlsMode {
        none,
        starttls,
        implicit
    }

    Listener listener(boolean keysThere) {
        return new Listener(name, protocol, tls == TlsMode.starttls && keysThere, clearLogin.getAsBoolean());
    }
}
