package org.posthorn.api.start;

/**
 * Why the server cannot start, in one line.
 *
 * @param cause decides the exit code
 * @param line  says what is wrong and what to do, for instance {@code port 2525 on 127.0.0.1 is taken}
 */
public record StartProblem(Cause cause, String line) {

    /** Kinds of problems, each with an exit code of its own in the launcher. */
    public enum Cause {
        /** A setting is wrong. */
        CONFIG,
        /** An address cannot be listened on. */
        PORT,
        /** The data directory cannot be read or written. */
        DATA,
        /** Anything else. */
        OTHER
    }
}
