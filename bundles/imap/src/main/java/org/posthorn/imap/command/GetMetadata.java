package org.posthorn.imap.command;

import java.io.IOException;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.posthorn.imap.Answer;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.Command;
import org.posthorn.imap.Request;
import org.posthorn.imap.Session;

/** GETMETADATA, RFC 5464 4.2. */
final class GetMetadata implements Command {

    @Override
    public Answer run(Session session, Request request) throws IOException {
        Arguments in = request.arguments().space();
        MetadataRequest wanted = MetadataRequest.of(Set.of());
        if (in.peek() == '(') wanted = optionsThenSpace(in);
        String mailbox = in.mailbox();
        in.space();
        // The examples of the RFC have the options here, and clients follow them; erratum 2785.
        if (in.beginsWith('(', Character::isLetter)) wanted = optionsThenSpace(in);
        wanted = wanted.about(EntryName.list(in));
        in.end();
        MetadataRequest.Found found = wanted.find(all(session, mailbox));
        MetadataResponse response = new MetadataResponse(session.dialect().mailbox(mailbox), found.entries());
        String code = found.longest() == 0 ? "" : "[METADATA LONGENTRIES " + found.longest() + "] ";
        return session.produce(
                request, () -> response.more(session.connection()) ? Answer.LATER : Answer.ok(code + "That is all"));
    }

    private static MetadataRequest optionsThenSpace(Arguments in) {
        MetadataRequest options = MetadataRequest.options(in);
        in.space();
        return options;
    }

    /** The server's are the user's own, and those that all users see. */
    private static SortedMap<String, String> all(Session session, String mailbox) throws IOException {
        SortedMap<String, String> all = new TreeMap<>(session.annotations().of(mailbox));
        if (mailbox.isEmpty()) all.putAll(session.limits().server());
        return all;
    }
}
