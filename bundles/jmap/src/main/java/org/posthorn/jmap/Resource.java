package org.posthorn.jmap;

import java.io.IOException;
import java.util.List;

/** Something behind the gate: one of the URLs that the session tells (RFC 8620 2), or what a user logs in by. Safe for several threads. */
interface Resource {

    /** The methods of HTTP that it takes. */
    List<String> methods();

    /** @throws Refused before anything was answered */
    void serve(Exchange exchange) throws IOException, Refused;
}
