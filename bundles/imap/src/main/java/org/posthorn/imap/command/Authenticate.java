package org.posthorn.imap.command;

import java.io.IOException;
import java.util.Optional;
import org.posthorn.imap.Answer;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.Capabilities;
import org.posthorn.imap.Command;
import org.posthorn.imap.Request;
import org.posthorn.imap.Session;
import org.posthorn.imap.Talk;
import org.posthorn.sasl.Dialogue;
import org.posthorn.sasl.Step;

/** AUTHENTICATE, RFC 3501 6.2.2, with the initial response of RFC 4959. */
final class Authenticate implements Command {

    @Override
    public Answer run(Session session, Request request) throws IOException {
        Arguments in = request.arguments().space();
        String mechanism = in.keyword();
        Optional<String> initial = in.passSpace() ? Optional.of(in.astring()) : Optional.empty();
        in.end();
        if (!Capabilities.mayLogIn(session.connection()))
            return Answer.no("[PRIVACYREQUIRED] Logins are taken under TLS only");
        Optional<Dialogue> dialogue = Dialogue.begin(
                mechanism, session.accounts(), session.connection().client().getAddress());
        if (dialogue.isEmpty()) return Answer.no("[CANNOT] There is no such mechanism");
        Exchange exchange = new Exchange(session, request, dialogue.get());
        return exchange.answer(
                initial.isPresent()
                        ? dialogue.get().open(initial.get())
                        : dialogue.get().open());
    }

    /** The lines that go to and fro. */
    private record Exchange(Session session, Request request, Dialogue dialogue) implements Talk {

        @Override
        public void line(String line) {
            session.talk(Optional.empty());
            session.proceed(request, () -> answer(dialogue.next(line)));
        }

        Answer answer(Step step) {
            if (step instanceof Step.Granted granted) return session.loggedIn(granted.entrance(), dialogue.mechanism());
            if (step instanceof Step.Denied denied) return session.denied(request, denied.pause());
            if (step instanceof Step.PutOff off) return session.putOff(request, off.pause());
            if (step instanceof Step.Malformed malformed) return Answer.bad(malformed.reason());
            session.talk(Optional.of(this));
            session.connection().send("+ " + ((Step.Challenge) step).base64() + "\r\n");
            return Answer.LATER;
        }
    }
}
