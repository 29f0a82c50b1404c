package org.posthorn.imap.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.posthorn.api.users.Login;
import org.posthorn.imap.Answer;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.Capabilities;
import org.posthorn.imap.Command;
import org.posthorn.imap.Request;
import org.posthorn.imap.Session;

/** LOGIN, RFC 3501 6.2.3. */
final class LogIn implements Command {

    @Override
    public Answer run(Session session, Request request) throws IOException {
        Arguments in = request.arguments().space();
        String name = utf8(in.astring());
        String password = utf8(in.space().astring());
        in.end();
        if (!Capabilities.mayLogIn(session.connection()))
            return Answer.no("[PRIVACYREQUIRED] Passwords are taken under TLS only");
        Login login = session.accounts()
                .login(name, password, session.connection().client().getAddress());
        return outcome(session, request, login);
    }

    private static Answer outcome(Session session, Request request, Login login) {
        if (login instanceof Login.Granted granted) return session.loggedIn(granted.entrance(), "LOGIN");
        if (login instanceof Login.PutOff off) return session.putOff(request, off.pause());
        return session.denied(request, ((Login.Denied) login).pause());
    }

    private static String utf8(String octets) {
        return new String(octets.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
