package org.posthorn.imap.command;

import java.io.IOException;
import java.util.List;
import org.posthorn.api.mailbox.Rights;
import org.posthorn.imap.Answer;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.Command;
import org.posthorn.imap.Request;
import org.posthorn.imap.Session;
import org.posthorn.imap.SyntaxFault;

/** NOTIFY, RFC 5465 3.1. One that fails leaves alone what was asked for before. */
final class Notify implements Command {

    private static final Answer TOO_MUCH = Answer.no("[NOTIFICATIONOVERFLOW] " + Inventory.MOST
            + " mailboxes, named in " + EventGroups.MOST + " groups, are watched at most");

    private static final Answer UNSUPPORTED =
            Answer.no("[BADEVENT (" + Event.supported() + ")] No other events can be told");

    @Override
    public Answer run(Session session, Request request) throws IOException {
        Arguments in = request.arguments().space();
        return switch (in.keyword()) {
            case "NONE" -> none(session, in);
            case "SET" -> set(session, request, in.space());
            default -> throw new SyntaxFault("Expected SET or NONE");
        };
    }

    private static Answer none(Session session, Arguments in) {
        in.end();
        session.notifications().set(EventGroups.NONE, Inventory.NOTHING);
        return Answer.ok("Nothing is going to be told");
    }

    private static Answer set(Session session, Request request, Arguments in) throws IOException {
        boolean status = in.peek() != '(';
        if (status && !in.keyword().equals("STATUS")) throw new SyntaxFault("Expected STATUS");
        EventGroups wanted = EventGroups.parse(status ? in.space() : in);
        in.end();
        if (wanted.unsupported()) return UNSUPPORTED;
        if (wanted.tooMany()) return TOO_MUCH;
        Inventory all = Inventory.begin(session, wanted, Inventory.NOTHING);
        if (all.tooLarge()) return TOO_MUCH;
        if (wanted.metadata() && !session.metadata().enable())
            return Answer.no("[UNAVAILABLE] Annotations cannot be read; the server's log says why");
        return session.produce(request, () -> {
            boolean more = all.count(session, (name, now) -> {
                if (status)
                    session.notifications()
                            .first(
                                    name,
                                    wanted.events(session, name, all.get(name).subscribed()),
                                    now);
            });
            if (more) return Answer.LATER;
            tellUnreadable(session, wanted, all);
            session.notifications().set(wanted, all);
            return Answer.ok("That is going to be told");
        });
    }

    /** Mailboxes that are named or meant, may be looked up and not be read, which all events need: RFC 5465 3.1 and 5. */
    private static void tellUnreadable(Session session, EventGroups wanted, Inventory all) throws IOException {
        for (String name : all.mailboxes().toList()) {
            Known known = all.get(name);
            boolean meant = !wanted.events(session, name, known.subscribed()).isEmpty();
            if (!meant || known.status().isPresent()) continue;
            Rights rights = session.account().rights(name);
            if (rights.has('l') && !rights.has('r')) Listing.tell(session, name, List.of("\\NoAccess"), "");
        }
    }
}
