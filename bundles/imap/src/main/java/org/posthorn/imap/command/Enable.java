package org.posthorn.imap.command;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.posthorn.imap.Answer;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.Command;
import org.posthorn.imap.Request;
import org.posthorn.imap.Session;

/** ENABLE, RFC 5161. What is not known is passed over. */
final class Enable implements Command {

    /** What is different from then on. */
    private interface Extension {
        void enable(Session session) throws IOException;
    }

    private static final Map<String, Extension> KNOWN = Map.of(
            "CONDSTORE", Session::enableCondstore,
            "METADATA", session -> session.metadata().enable(),
            "QRESYNC", Session::enableQresync,
            "UIDONLY", Session::enableUidOnly);

    @Override
    public Answer run(Session session, Request request) throws IOException {
        Arguments in = request.arguments();
        Set<String> asked = new TreeSet<>();
        do asked.add(in.space().keyword());
        while (!in.atEnd());
        asked.retainAll(KNOWN.keySet());
        session.untagged(asked.isEmpty() ? "ENABLED" : "ENABLED " + String.join(" ", asked));
        for (String name : asked) KNOWN.get(name).enable(session);
        return Answer.ok("Enabled");
    }
}
