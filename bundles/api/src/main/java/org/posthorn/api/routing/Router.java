package org.posthorn.api.routing;

import java.io.IOException;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;
import org.posthorn.api.mail.Address;

/** Knows where addresses lead. Several are asked in order of service ranking until one answers. Safe for several threads. */
@ConsumerType
public interface Router {

    /** One step of the way; empty when this router knows nothing of the address. @throws IOException when it cannot tell now */
    Optional<Route> route(Address address) throws IOException;
}
