package org.posthorn.jmap.mail;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.posthorn.jmap.MethodFault;
import org.posthorn.jmap.Refusal;
import org.posthorn.jmap.SetError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How to go back when one object cannot be changed as a whole: it is then not to be changed at all, RFC 8620 5.3. For one thread. */
final class Undoing {

    private static final Logger LOG = LoggerFactory.getLogger(Undoing.class);

    /** Undoes one thing. */
    interface Step {
        void make() throws IOException;
    }

    /** What is done whole or not at all. */
    interface Work<T> {
        T done(Undoing undoing) throws Refusal, IOException, MethodFault;
    }

    private final Deque<Step> steps = new ArrayDeque<>();

    /** Does it, and goes back when it fails. */
    static <T> T whole(Work<T> work) throws Refusal, IOException, MethodFault {
        Undoing undoing = new Undoing();
        try {
            return work.done(undoing);
        } catch (Refusal | IOException | MethodFault | RuntimeException fault) {
            undoing.all(fault);
            throw fault;
        }
    }

    /** Notes what undoes something that was done just now. */
    void add(Step step) {
        steps.push(step);
    }

    /** Goes back, the last thing first. @throws Refusal serverPartialFail when that fails as well */
    void all(Exception why) throws Refusal {
        int before = why.getSuppressed().length;
        for (Step step : steps)
            try {
                step.make();
            } catch (IOException | RuntimeException broken) {
                why.addSuppressed(broken);
            }
        if (why.getSuppressed().length == before) return;
        LOG.error("A change that failed could not be undone either: its object is changed in part", why);
        throw new Refusal(SetError.of("serverPartialFail", "It is changed in part; the server's log says why"));
    }
}
