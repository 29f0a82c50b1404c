package org.posthorn.autoconfig;

import java.io.IOException;

/** Whether a domain is this server's cannot be told now; later perhaps. */
final class Unavailable extends IOException {

    private static final long serialVersionUID = 1;

    Unavailable(String why) {
        super(why);
    }
}
