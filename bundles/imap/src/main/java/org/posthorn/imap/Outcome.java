package org.posthorn.imap;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.MailboxFault;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How a step of a command ends, whatever it meets. */
final class Outcome {

    private static final Logger LOG = LoggerFactory.getLogger(Outcome.class);
    private static final Answer UNDONE = Answer.no("[UNAVAILABLE] That could not be done; the server's log says why");

    private Outcome() {}

    static Answer of(Session.Step step, Session session) {
        try {
            return step.run();
        } catch (SyntaxFault wrong) {
            return wrong.answer();
        } catch (MailboxFault fault) {
            // What is not ASCII in it is a mailbox's name.
            return Answer.no("[" + fault.kind() + "] " + session.dialect().naming(fault.getMessage()));
        } catch (IOException | UncheckedIOException broken) {
            log("A command of {} could not be done", session, broken);
            return UNDONE;
        }
    }

    /** @param what with a place for who it is */
    static void log(String what, Session session, Exception broken) {
        String who = session.user().map(Address::toString).orElse("a client");
        // It names the file and what is wrong; pages of where it came up, again and again, would fill the log.
        if (broken instanceof FileSystemException) LOG.error(what + ": {}", who, broken.toString());
        else LOG.error(what, who, broken);
    }
}
