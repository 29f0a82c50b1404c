package org.posthorn.imap.command;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.posthorn.imap.Answer;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.Command;
import org.posthorn.imap.Request;
import org.posthorn.imap.Session;

/**
 * LANGUAGE, RFC 5255 3. What is said is in English, which is what i-default (RFC 2277 4.5) has to be as well: a choice changes nothing that the session
 * would have to keep.
 */
final class Language implements Command {

    private static final String DEFAULT = "i-default";

    /** Gives nothing back: else each repetition takes room on the stack, and a client may send many. */
    private static final Pattern ENGLISH = Pattern.compile("en(-[a-z0-9]{1,8})*+|\\*");

    @Override
    public Answer run(Session session, Request request) {
        Arguments in = request.arguments();
        boolean asks = in.atEnd();
        Optional<String> chosen = Optional.empty();
        while (in.passSpace()) {
            String range = in.astring();
            chosen = chosen.or(() -> matching(range));
        }
        in.end();
        if (!asks && chosen.isEmpty()) return Answer.no("None of these languages is spoken here");
        session.untagged("LANGUAGE (" + chosen.orElse("en " + DEFAULT) + ")");
        return Answer.ok(asks ? "These are spoken here" : "This is English");
    }

    /** The language for a range, RFC 4647 3.4: who wants a kind of English gets it as the server speaks it. */
    private static Optional<String> matching(String range) {
        String lower = range.toLowerCase(Locale.ROOT);
        if (lower.equals(DEFAULT) || lower.equals("default")) return Optional.of(DEFAULT);
        return ENGLISH.matcher(lower).matches() ? Optional.of("en") : Optional.empty();
    }
}
