package org.posthorn.api.filter;

import org.osgi.annotation.versioning.ProviderType;

/** Runs bundles whose filters are tried beside those that count. Safe for several threads. */
@ProviderType
public interface BundlesBeside {

    /**
     * Installs and starts a bundle that offers filters, and no services of other kinds: those would count at once. One that offers such later is taken out.
     * A restart does not start it.
     *
     * @param location begins with {@link MailFilter#BESIDE}
     * @return its id
     * @throws IllegalArgumentException saying why it does not run, or not in time; nothing of it is left
     */
    long run(String location, byte[] jar);

    /** Takes out one that was run so; ends when its classes are let go of. @throws IllegalArgumentException for a bundle that does not run beside */
    void takeOut(long bundle);
}
