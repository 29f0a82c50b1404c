package org.posthorn.jmap;

/** Ends a method call with a {@link MethodError}. */
public final class MethodFault extends Exception {
    private static final long serialVersionUID = 1;

    private final transient MethodError error;

    public MethodFault(MethodError error) {
        super(error.type() + " " + error.description(), null, false, false);
        this.error = error;
    }

    /** The arguments are not what the method takes. */
    public static MethodFault invalid(String description) {
        return new MethodFault(MethodError.invalidArguments(description));
    }

    public MethodError error() {
        return error;
    }
}
