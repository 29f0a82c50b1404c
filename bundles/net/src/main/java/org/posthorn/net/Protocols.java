package org.posthorn.net;

import java.util.Map;
import java.util.Optional;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.lease.Leased;
import org.posthorn.api.net.Protocol;

/** The protocols that are there, and a number that changes whenever they do. */
final class Protocols {

    private final Leased<Protocol> services = new Leased<>();
    private volatile int change = 1;

    Protocols() {
        services.onChange(this::changed);
    }

    void add(Protocol protocol, Map<String, ?> properties) {
        services.add(protocol, properties);
    }

    /** It gets no new conversations from now on; those that it has are the caller's to move. */
    void remove(Protocol protocol) {
        services.remove(protocol);
    }

    /** Calls the listener when one has come, gone or passed its trial. */
    void onChange(Runnable listener) {
        services.onChange(listener);
    }

    private synchronized void changed() {
        change++;
    }

    int change() {
        return change;
    }

    boolean has(String name) {
        return services.names().contains(name);
    }

    Optional<Lease<Protocol>> lease(String name) {
        return services.lease(name);
    }
}
