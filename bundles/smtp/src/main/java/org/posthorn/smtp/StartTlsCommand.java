package org.posthorn.smtp;

/** STARTTLS, RFC 3207. */
final class StartTlsCommand implements Command {

    @Override
    public void run(Session session, String argument) {
        if (!argument.isEmpty()) session.refuse(501, "5.5.4", "STARTTLS has no argument");
        else if (session.connection().tls().isPresent()) session.refuse(503, "5.5.1", "TLS is on already");
        else if (!session.offersStartTls()) session.refuse(502, "5.5.1", "TLS is not offered here");
        else {
            session.endTransaction();
            session.send(220, "2.0.0", "Go ahead");
            session.connection().startTls();
        }
    }
}
