package org.posthorn.imap;

import java.util.Optional;

/** Lines that belong to a command which is under way: AUTHENTICATE, IDLE. */
public interface Talk {

    /** The command. */
    Request request();

    void line(String line);

    /** The connection or the command is gone. */
    default void closed() {}

    /** The tag to go on with in another version, if this can be done. */
    default Optional<String> suspended() {
        return Optional.empty();
    }
}
