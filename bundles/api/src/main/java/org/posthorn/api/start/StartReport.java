package org.posthorn.api.start;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * What a bundle tells the person who starts the server. A DS component that provides it is waited for: the server is up when every
 * such component is there and {@link #ready()}. Any problem ends the start, and the launcher prints it and leaves with its exit code.
 *
 * <p>The launcher shares no class with the bundles and calls these methods by reflection, so nothing but types of the JDK and of this
 * package may stand in their signatures.
 */
@ConsumerType
public interface StartReport {

    /** False while the outcome is still open. May be asked many times a second, so it only looks. */
    boolean ready();

    /** What stands in the way of the server; empty if nothing does. */
    default List<StartProblem> problems() {
        return List.of();
    }

    /** Lines such as {@code smtp 127.0.0.1:2525}, shown at the start and later by {@code posthorn status}. */
    default List<String> lines() {
        return List.of();
    }

    /** Lines that may be shown once and kept nowhere, such as the password of the account made at the first start. */
    default List<String> secrets() {
        return List.of();
    }
}
