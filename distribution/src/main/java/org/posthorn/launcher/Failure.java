package org.posthorn.launcher;

/** Something the person who called should read in one line; the exit code tells a script the same. */
final class Failure extends Exception {
    private static final long serialVersionUID = 1;

    final ExitCode exit;

    Failure(ExitCode exit, String line) {
        super(line);
        this.exit = exit;
    }

    Failure(ExitCode exit, String line, Throwable cause) {
        super(line, cause);
        this.exit = exit;
    }
}
