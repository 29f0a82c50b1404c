package org.posthorn.imap.command;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.posthorn.api.mailbox.Annotations;
import org.posthorn.api.mailbox.MailboxFault;
import org.posthorn.imap.Answer;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.Command;
import org.posthorn.imap.Levels;
import org.posthorn.imap.Request;
import org.posthorn.imap.Session;

/** SETMETADATA, RFC 5464 4.3. What all users see of the server is in the settings, and not theirs to change. */
final class SetMetadata implements Command {

    private static final Answer TOO_LONG = Answer.no("[METADATA MAXSIZE " + Annotations.LONGEST + "] That is too long");

    @Override
    public Answer tooLong() {
        return TOO_LONG;
    }

    @Override
    public Answer run(Session session, Request request) throws IOException {
        Arguments in = request.arguments().space();
        String mailbox = in.mailbox();
        Map<String, Optional<String>> values = values(in.space());
        in.end();
        if (values.values().stream().flatMap(Optional::stream).anyMatch(v -> v.length() > Annotations.LONGEST))
            return TOO_LONG;
        if (mailbox.isEmpty() && values.keySet().stream().anyMatch(e -> e.startsWith(EntryName.SHARED)))
            return Answer.no("[NOPERM] What is shared of the server is its administrator's to set");
        boolean others = Levels.separator(mailbox) == '/';
        if (others && values.keySet().stream().anyMatch(e -> !e.startsWith(EntryName.SHARED)))
            return Answer.no("[METADATA NOPRIVATE] Private entries are for one's own mailboxes");
        try {
            long modSeq = session.annotations().set(mailbox, values);
            if (!others) session.metadata().own(modSeq);
        } catch (MailboxFault fault) {
            if (fault.kind() != MailboxFault.Kind.LIMIT) throw fault;
            return Answer.no("[METADATA TOOMANY] " + fault.getMessage());
        }
        return Answer.ok("Set");
    }

    private static Map<String, Optional<String>> values(Arguments in) {
        Map<String, Optional<String>> values = new LinkedHashMap<>();
        in.expect('(');
        do values.put(EntryName.whole(in), in.space().value());
        while (in.passSpace());
        in.expect(')');
        return values;
    }
}
