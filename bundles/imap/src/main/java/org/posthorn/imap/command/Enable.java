package org.posthorn.imap.command;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.posthorn.imap.Answer;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.Command;
import org.posthorn.imap.Dialect;
import org.posthorn.imap.Request;
import org.posthorn.imap.Session;

/** ENABLE, RFC 5161 and RFC 9051 6.3.1. What is not known is passed over. */
final class Enable implements Command {

    private static final String METADATA = "METADATA";

    /** What is different from then on. */
    private static final Map<String, Consumer<Session>> KNOWN = Map.of(
            "CONDSTORE",
            Session::enableCondstore,
            "IMAP4rev2",
            session -> session.enable(Dialect.REV2),
            METADATA,
            // It was, before it was told.
            session -> {},
            "QRESYNC",
            Session::enableQresync,
            "UIDONLY",
            Session::enableUidOnly,
            "UTF8=ACCEPT",
            session -> session.enable(Dialect.UTF8));

    @Override
    public Answer run(Session session, Request request) throws IOException {
        Arguments in = request.arguments();
        Set<String> asked = new TreeSet<>(KNOWN.keySet());
        Set<String> words = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        do words.add(in.space().atom());
        while (!in.atEnd());
        asked.removeIf(name -> !words.contains(name));
        if (asked.contains(METADATA) && !session.metadata().enable()) asked.remove(METADATA);
        session.untagged(asked.isEmpty() ? "ENABLED" : "ENABLED " + String.join(" ", asked));
        for (String name : asked) KNOWN.get(name).accept(session);
        return Answer.ok("Enabled");
    }
}
