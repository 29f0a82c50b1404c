package org.posthorn.net;

import java.net.BindException;

/** Another listener of this server has the port. */
final class PortTaken extends BindException {

    private static final long serialVersionUID = 1;

    private final String holder;

    PortTaken(String holder) {
        super("the listener " + holder + " has it");
        this.holder = holder;
    }

    /** The name of the listener that has it. */
    String holder() {
        return holder;
    }
}
