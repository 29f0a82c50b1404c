package org.posthorn.users;

import java.io.IOException;
import java.net.InetAddress;

/** A login was not looked at, right or wrong, since too many failed before it. Protocols answer a temporary failure. */
final class PutOff extends IOException {

    private static final long serialVersionUID = 1;

    PutOff(InetAddress client) {
        super("too many logins from " + client.getHostAddress()
                + ", or under the name that it gives, have failed of late; this one is put off");
    }

    /** Where it was thrown tells nothing, and whoever guesses is not to fill the log with it. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
