package org.posthorn.smtp;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.posthorn.sasl.Mechanisms;

/** EHLO, HELO and LHLO: RFC 5321 4.1.1.1, RFC 2033 4.1. */
final class HelloCommand implements Command {

    private final boolean extended;

    HelloCommand(boolean extended) {
        this.extended = extended;
    }

    @Override
    public void run(Session session, String argument) {
        if (!named(argument)) {
            session.refuse(501, "5.5.4", "Say who you are: a domain or an address literal");
            return;
        }
        // RFC 5321 4.1.4: as if a RSET had come.
        session.endTransaction();
        session.client(session.client().hello(argument, extended));
        if (extended) session.send(250, extensions(session));
        else session.send(250, session.settings().hostname());
    }

    /** A name that is wrong is no reason to refuse mail, RFC 5321 4.1.4; one that could not be written down is. */
    private static boolean named(String name) {
        return !name.isEmpty() && name.length() <= 255 && name.chars().allMatch(c -> c > ' ' && c < 127);
    }

    /** RFC 4865 4: how far ahead, as an interval and as a time. */
    private static String futureRelease(Duration most) {
        Instant latest = Instant.now().plus(most).truncatedTo(ChronoUnit.SECONDS);
        return "FUTURERELEASE " + most.toSeconds() + " " + latest;
    }

    private static List<String> extensions(Session session) {
        Settings settings = session.settings();
        List<String> lines = new ArrayList<>(List.of(
                settings.hostname(),
                "PIPELINING",
                "SIZE " + settings.maxSize(),
                "8BITMIME",
                "ENHANCEDSTATUSCODES",
                "SMTPUTF8",
                "CHUNKING",
                "DSN"));
        // RFC 4468 3.1: without the word, who logs in can use it.
        if (session.offersBurl()) lines.add(session.client().login().isPresent() ? "BURL imap" : "BURL");
        if (session.offersFutureRelease()) lines.add(futureRelease(settings.maxFutureRelease()));
        if (session.offersStartTls()) lines.add("STARTTLS");
        List<String> mechanisms = Mechanisms.names(session.clearOfEavesdroppers());
        if (session.role().offersLogin(settings) && !mechanisms.isEmpty())
            lines.add("AUTH " + String.join(" ", mechanisms));
        lines.add("HELP");
        return lines;
    }
}
