package org.posthorn.smtp;

import java.util.Optional;
import org.posthorn.api.mail.Reply;

/** AUTH, RFC 4954 4. */
final class AuthCommand implements Command {

    @Override
    public void run(Session session, String argument) {
        Optional<Reply> refusal = refusal(session);
        if (refusal.isPresent()) {
            session.refuse(refusal.get());
            return;
        }
        int space = argument.indexOf(' ');
        String mechanism = space < 0 ? argument : argument.substring(0, space);
        String initial = space < 0 ? "" : argument.substring(space + 1).strip();
        if (mechanism.isEmpty()) session.refuse(501, "5.5.4", "AUTH with which mechanism?");
        else new LoginTalk(session).begin(mechanism, initial);
    }

    private static Optional<Reply> refusal(Session session) {
        if (!session.role().offersLogin(session.settings())) return reply(502, "5.5.1", "Nobody logs in here");
        if (!session.clearOfEavesdroppers()) return reply(538, "5.7.11", "Encryption required: STARTTLS first");
        if (!session.client().extended()) return reply(503, "5.5.1", "EHLO first");
        if (session.client().login().isPresent()) return reply(503, "5.5.1", "You are logged in already");
        if (session.transaction().isPresent()) return reply(503, "5.5.1", "Not within a mail transaction");
        return Optional.empty();
    }

    private static Optional<Reply> reply(int code, String enhanced, String text) {
        return Optional.of(new Reply(code, enhanced, text));
    }
}
