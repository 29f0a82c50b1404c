package org.posthorn.imap;

import java.util.Optional;
import org.posthorn.api.mail.Address;
import org.posthorn.api.net.Connection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a client does wrong. One line in the log at the end serves all of it: a client must not fill it. */
final class Mistakes {

    private static final Logger LOG = LoggerFactory.getLogger(Mistakes.class);

    private int all;
    private int inARow;
    private String last = "";

    /**
     * One more.
     *
     * @param who has logged in
     * @param command its name
     * @param what is wrong with it
     * @return whether those in a row are too many
     */
    boolean add(Optional<Address> who, Optional<String> command, String what) {
        all++;
        last = command.orElse("no command") + " of "
                + who.map(Address::toString).orElse("a stranger") + ": " + what;
        return ++inARow >= Limits.FAULTS;
    }

    /** A command was right. */
    void endRow() {
        inARow = 0;
    }

    void log(Connection connection) {
        if (all > 0)
            LOG.info(
                    "{} on {}: {} wrong, the last: {}",
                    connection.client(),
                    connection.listener().name(),
                    all,
                    last);
    }
}
