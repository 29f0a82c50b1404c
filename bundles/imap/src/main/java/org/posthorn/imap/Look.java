package org.posthorn.imap;

import java.io.IOException;
import java.util.Optional;

/** A look at the mailboxes. */
@FunctionalInterface
interface Look<T> {
    Optional<T> look() throws IOException;
}
