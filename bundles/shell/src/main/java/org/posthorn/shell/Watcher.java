package org.posthorn.shell;

import java.util.function.BooleanSupplier;
import org.apache.felix.service.command.CommandSession;

/** Whether whoever runs a command in the Felix shell still looks: not when his end is gone, nor since Ctrl-C. */
final class Watcher {

    /** The session variable with who is at the other end: a {@link ClientInput}, or a BooleanSupplier that says whether he is there. */
    static final String CLIENT = "posthorn.client";

    private Watcher() {}

    static BooleanSupplier of(CommandSession session) {
        Object client = session.get(CLIENT);
        if (client instanceof BooleanSupplier there) return there;
        if (!(client instanceof ClientInput input)) return () -> true;
        int before = input.interrupts();
        return () -> !input.gone() && input.interrupts() == before;
    }
}
