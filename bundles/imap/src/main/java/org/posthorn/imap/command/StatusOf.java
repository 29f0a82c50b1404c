package org.posthorn.imap.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.api.mailbox.Status;
import org.posthorn.imap.Answer;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.Command;
import org.posthorn.imap.Limits;
import org.posthorn.imap.Request;
import org.posthorn.imap.Session;
import org.posthorn.imap.SyntaxFault;

/**
 * STATUS, RFC 3501 6.3.10, with HIGHESTMODSEQ of RFC 7162 3.1.7, SIZE of RFC 8438, DELETED of RFC 9051, DELETED-STORAGE of RFC 9208 4.1.4,
 * APPENDLIMIT of RFC 7889 and MAILBOXID of RFC 8474 4.3.
 */
final class StatusOf implements Command {

    /** What can be asked. */
    enum Item {
        MESSAGES,
        RECENT,
        UIDNEXT,
        UIDVALIDITY,
        UNSEEN,
        DELETED,
        DELETED_STORAGE,
        HIGHESTMODSEQ,
        SIZE,
        APPENDLIMIT,
        MAILBOXID;

        Object of(Status status, Limits limits) {
            return switch (this) {
                case MESSAGES -> status.messages();
                case RECENT -> status.recent();
                case UIDNEXT -> status.uidNext();
                case UIDVALIDITY -> status.uidValidity();
                case UNSEEN -> status.unseen();
                case DELETED -> status.deleted();
                case DELETED_STORAGE -> status.deletedSize();
                case HIGHESTMODSEQ -> status.highestModSeq();
                case SIZE -> status.size();
                case APPENDLIMIT -> limits.append();
                case MAILBOXID -> "(" + status.mailboxId() + ")";
            };
        }

        @Override
        public String toString() {
            return name().replace('_', '-');
        }
    }

    @Override
    public Answer run(Session session, Request request) throws IOException {
        Arguments in = request.arguments().space();
        String name = in.mailbox();
        List<Item> items = items(in.space());
        in.end();
        tell(session, session.mailbox(name), items);
        return Answer.ok("That is its state");
    }

    static List<Item> items(Arguments in) {
        in.expect('(');
        List<Item> items = new ArrayList<>();
        do items.add(item(in.keyword()));
        while (in.passSpace());
        in.expect(')');
        boolean gone = in.dialect().isRev2() && items.contains(Item.RECENT);
        if (gone) throw new SyntaxFault("There is no RECENT in IMAP4rev2");
        return items;
    }

    private static Item item(String name) {
        for (Item item : Item.values()) if (item.toString().equals(name)) return item;
        throw new SyntaxFault("There is no such status");
    }

    static void tell(Session session, Mailbox mailbox, List<Item> items) throws IOException {
        // Asking for mod-sequences enables them, RFC 7162 3.1.
        if (items.contains(Item.HIGHESTMODSEQ)) session.enableCondstore();
        tell(session, mailbox.name(), mailbox.status(), items);
    }

    /** Tells what is known of it already. */
    static void tell(Session session, String name, Status status, List<Item> items) {
        StringBuilder out = new StringBuilder("STATUS ")
                .append(session.dialect().mailbox(name))
                .append(" (");
        for (int i = 0; i < items.size(); i++)
            out.append(i == 0 ? "" : " ")
                    .append(items.get(i))
                    .append(' ')
                    .append(items.get(i).of(status, session.limits()));
        session.untagged(out.append(')').toString());
    }
}
