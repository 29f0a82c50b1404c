package org.posthorn.sasl;

import java.io.IOException;

/** A password as it is kept, read and within bounds. */
@FunctionalInterface
interface Kept {

    /** Whether this password is the one; in a time that does not depend on how much of it is right. @throws IOException when it cannot be told now */
    boolean fits(byte[] password) throws IOException;
}
