package org.posthorn.sasl;

/** A password as it is kept, read and within bounds. */
@FunctionalInterface
interface Kept {

    /** Whether this password is the one; in a time that does not depend on how much of it is right. */
    boolean fits(byte[] password);
}
