package org.posthorn.imap.command;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.posthorn.imap.Answer;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.Command;
import org.posthorn.imap.Request;
import org.posthorn.imap.Session;

/** ENABLE, RFC 5161. What is not known is passed over. */
final class Enable implements Command {

    private static final Map<String, Consumer<Session>> KNOWN =
            Map.of("CONDSTORE", Session::enableCondstore, "QRESYNC", Session::enableQresync);

    @Override
    public Answer run(Session session, Request request) {
        Arguments in = request.arguments();
        Set<String> asked = new TreeSet<>();
        do asked.add(in.space().keyword());
        while (!in.atEnd());
        asked.retainAll(KNOWN.keySet());
        session.untagged(asked.isEmpty() ? "ENABLED" : "ENABLED " + String.join(" ", asked));
        asked.forEach(name -> KNOWN.get(name).accept(session));
        return Answer.ok("Enabled");
    }
}
