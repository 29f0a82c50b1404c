package org.posthorn.smtp;

import java.util.List;
import java.util.Map;

/** The command table: RFC 5321 4.1.1, RFC 3030, RFC 3207, RFC 4954, RFC 4468 for submission, and RFC 2033 for LMTP. */
final class Commands {

    private static final Map<String, Command> ALL = Map.ofEntries(
            Map.entry("MAIL", new MailCommand()),
            Map.entry("RCPT", new RcptCommand()),
            Map.entry("DATA", new DataCommand()),
            Map.entry("BDAT", new BdatCommand()),
            Map.entry("RSET", Commands::rset),
            Map.entry("QUIT", Commands::quit),
            Map.entry("NOOP", idle((session, text) -> session.send(250, "2.0.0", "OK"))),
            Map.entry(
                    "HELP", idle((session, text) -> session.send(214, "2.0.0", "See RFC 5321 and the answer to EHLO"))),
            Map.entry("VRFY", idle(Commands::vrfy)),
            Map.entry("AUTH", new AuthCommand()),
            Map.entry("STARTTLS", new StartTlsCommand()));

    private static final Map<String, Command> SMTP =
            Map.of("EHLO", idle(new HelloCommand(true)), "HELO", idle(new HelloCommand(false)));

    /** What submission has beside those, RFC 4468 3.1. */
    private static final Map<String, Command> SUBMISSION = Map.of("BURL", new BurlCommand());

    private static final Map<String, Command> LMTP = Map.of("LHLO", idle(new HelloCommand(true)));

    /** Known, and not done: RFC 5321 4.2.4 wants 502 for these, and 500 for what is no command at all. */
    private static final List<String> NOT_DONE = List.of("EXPN", "TURN", "ETRN", "SEND", "SOML", "SAML", "BURL");

    /** A browser that was led here: what follows are headers that another has written. */
    private static final List<String> NOT_MAIL = List.of("GET", "POST", "CONNECT");

    private Commands() {}

    static Command of(Role role, String verb) {
        Command common = ALL.get(verb);
        if (common != null) return common;
        if (role == Role.SUBMISSION && SUBMISSION.containsKey(verb)) return SUBMISSION.get(verb);
        return (role == Role.LMTP ? LMTP : SMTP).getOrDefault(verb, unknown(verb));
    }

    private static Command unknown(String verb) {
        if (NOT_DONE.contains(verb)) return (session, text) -> session.refuse(502, "5.5.1", "Command not implemented");
        if (NOT_MAIL.contains(verb)) return (session, text) -> session.drop(421, "4.7.0", "This is a mail server");
        return (session, text) -> session.refuse(500, "5.5.1", "Command not known");
    }

    /** A command of which a client needs few. */
    private static Command idle(Command command) {
        return (session, argument) -> {
            if (!session.idles()) command.run(session, argument);
        };
    }

    private static void rset(Session session, String argument) {
        if (!argument.isEmpty()) session.refuse(501, "5.5.4", "RSET has no argument");
        else if (!session.idles()) {
            session.endTransaction();
            session.send(250, "2.0.0", "OK");
        }
    }

    private static void quit(Session session, String argument) {
        if (!argument.isEmpty()) session.refuse(501, "5.5.4", "QUIT has no argument");
        else session.bye(221, "2.0.0", "Goodbye");
    }

    /** RFC 5321 3.5.3: who is here is not told to strangers. */
    private static void vrfy(Session session, String argument) {
        if (argument.isEmpty()) session.refuse(501, "5.5.4", "VRFY whom?");
        else session.send(252, "2.5.0", "Cannot tell; send the mail and see");
    }
}
