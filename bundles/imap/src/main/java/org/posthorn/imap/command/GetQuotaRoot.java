package org.posthorn.imap.command;

import java.io.IOException;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.api.mailbox.Quota;
import org.posthorn.imap.Answer;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.Command;
import org.posthorn.imap.Levels;
import org.posthorn.imap.Request;
import org.posthorn.imap.Session;

/** GETQUOTAROOT, RFC 9208 4.1.2, of mailboxes that may yet be made, too. */
final class GetQuotaRoot implements Command {

    @Override
    public Answer run(Session session, Request request) throws IOException {
        Arguments in = request.arguments().space();
        String name = in.mailbox();
        in.end();
        // What others share counts for its owner, whose quota is his own affair.
        Quota quota = Levels.separator(name) == '/' ? Quota.NONE : session.quota();
        String known = session.account().mailbox(name).map(Mailbox::name).orElse(name);
        session.untagged(
                "QUOTAROOT " + session.dialect().mailbox(known) + (quota.limited() ? " " + GetQuota.ROOT : ""));
        if (quota.limited()) GetQuota.tell(session, quota);
        return Answer.ok("That is its quota root");
    }
}
