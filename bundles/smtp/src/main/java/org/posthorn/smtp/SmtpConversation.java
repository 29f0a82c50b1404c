package org.posthorn.smtp;

import java.util.Locale;
import java.util.Optional;
import org.posthorn.api.mail.Reply;
import org.posthorn.api.net.Conversation;
import org.posthorn.api.net.Farewell;
import org.posthorn.api.net.LineFault;
import org.posthorn.api.net.Received;
import org.posthorn.api.net.Suspended;

/** A client's talk: lines become commands. */
final class SmtpConversation implements Conversation {

    private final Session session;

    SmtpConversation(Session session) {
        this.session = session;
    }

    @Override
    public void opened() {
        Settings settings = session.settings();
        session.ready();
        session.send(220, (settings.hostname() + " " + session.role().protocol() + " " + settings.banner()).strip());
    }

    @Override
    public void line(String line) {
        if (session.lines().isPresent()) session.lines().get().accept(line);
        else command(line);
    }

    private void command(String line) {
        int space = line.indexOf(' ');
        String verb = (space < 0 ? line : line.substring(0, space)).toUpperCase(Locale.ROOT);
        String argument = space < 0 ? "" : line.substring(space + 1).strip();
        Commands.of(session.role(), verb).run(session, argument);
    }

    @Override
    public void received(Received what) {
        session.received(what);
    }

    @Override
    public void broken(LineFault fault) {
        boolean inExchange = session.lines().isPresent();
        session.endLines();
        Reply refusal =
                switch (fault) {
                    // RFC 4954 4: 5.5.6 for an exchange; RFC 5321 4.5.3.1.9 for a command.
                    case TOO_LONG -> new Reply(500, inExchange ? "5.5.6" : "5.5.2", "Line too long");
                    case BARE_LINE_END -> new Reply(500, "5.5.2", "CR and LF stand together or not at all");
                };
        // It may have been a BURL, without which the message is not whole.
        if (session.role() == Role.SUBMISSION) session.refuseMessage(refusal);
        else session.refuse(refusal);
    }

    @Override
    public void secured() {
        session.forgetClient();
        session.ready();
    }

    @Override
    public void ending(Farewell why) {
        switch (why) {
            case IDLE -> session.silent();
            case STOPPING -> session.bye(421, "4.3.2", "The service is going down");
            case REPLACED -> session.bye(421, "4.3.2", "This part of the server is being replaced; come again");
            case CROWDED -> session.bye(421, "4.7.0", "Too many connections");
        }
    }

    @Override
    public void closed() {
        session.closed();
    }

    @Override
    public Optional<Suspended> suspend() {
        return session.suspend();
    }
}
