package org.posthorn.smtp;

import java.io.IOException;
import java.net.InetAddress;
import java.util.Optional;
import org.posthorn.api.mail.Reply;
import org.posthorn.api.users.Entrance;
import org.posthorn.sasl.Dialogue;
import org.posthorn.sasl.LeasedAccounts;
import org.posthorn.sasl.Step;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The challenges and responses behind an AUTH. The accounts are leased for each response, as a client may take its time. */
final class LoginTalk {

    private static final Logger LOG = LoggerFactory.getLogger(LoginTalk.class);

    private final Session session;
    private final LeasedAccounts accounts;

    LoginTalk(Session session) {
        this.session = session;
        this.accounts = new LeasedAccounts(session.server().accounts());
    }

    void begin(String mechanism, String initial) {
        InetAddress client = session.connection().client().getAddress();
        Optional<Dialogue> dialogue = Dialogue.begin(mechanism, accounts, client);
        if (dialogue.isEmpty()) session.refuse(504, "5.5.4", "No such mechanism");
        else if (initial.isEmpty()) step(dialogue.get(), dialogue.get().open());
        else judge(dialogue.get(), () -> dialogue.get().open(initial));
    }

    private interface Judgement {
        Step step() throws IOException;
    }

    private void judge(Dialogue dialogue, Judgement judgement) {
        session.endLines();
        Step step;
        try {
            step = judgement.step();
        } catch (IOException e) {
            LOG.warn(
                    "A login from {} cannot be judged: {}", session.connection().client(), e.toString());
            session.refuse(454, "4.7.0", "Cannot tell now; come back later");
            return;
        }
        step(dialogue, step);
    }

    private void step(Dialogue dialogue, Step step) {
        if (step instanceof Step.Challenge challenge) {
            session.send(334, challenge.base64());
            session.nextLine(line -> judge(dialogue, () -> dialogue.next(line)), Dialogue.LONGEST_LINE - 2);
        } else if (step instanceof Step.Granted granted) {
            welcome(granted.entrance(), dialogue.mechanism());
        } else if (step instanceof Step.PutOff off) {
            session.refuse(
                    new Reply(
                            454,
                            "4.7.0",
                            "Too many logins have failed, or not all users can be looked up; come back later"),
                    off.pause());
        } else if (step instanceof Step.Denied denied) {
            session.refuse(new Reply(535, "5.7.8", "Name or password is wrong"), denied.pause());
        } else if (step instanceof Step.Malformed malformed) {
            session.refuse(501, "5.5.2", malformed.reason());
        }
    }

    private void welcome(Entrance entrance, String mechanism) {
        LOG.info(
                "{} has logged in from {} on {} by {}",
                entrance.account(),
                session.connection().client(),
                session.connection().listener().name(),
                mechanism);
        session.loggedIn(entrance);
        session.send(235, "2.7.0", "Welcome");
    }
}
