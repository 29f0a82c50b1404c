package org.posthorn.launcher;

/** What the process says when it leaves; after sysexits.h, and the LSB for {@code status}. */
enum ExitCode {
    OK(0),
    FAILED(1),
    NOT_RUNNING(3),
    USAGE(64),
    SOFTWARE(70),
    NO_MEMORY(71),
    CANNOT_CREATE(73),
    ALREADY_RUNNING(75),
    PORT_TAKEN(76),
    CONFIG(78);

    final int number;

    ExitCode(int number) {
        this.number = number;
    }

    /** The exit code for a {@code StartProblem.Cause} of the api, which this class loader cannot see. */
    static ExitCode ofCause(String cause) {
        return switch (cause) {
            case "CONFIG" -> CONFIG;
            case "PORT" -> PORT_TAKEN;
            case "DATA" -> CANNOT_CREATE;
            default -> SOFTWARE;
        };
    }
}
