package org.posthorn.imap.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.imap.Answer;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.Command;
import org.posthorn.imap.Realm;
import org.posthorn.imap.Request;
import org.posthorn.imap.Session;
import org.posthorn.imap.SyntaxFault;
import org.posthorn.imap.Text;

/** GENURLAUTH, RFC 4467 7. */
final class GenUrlAuth implements Command {

    /** So many URLs at once. */
    private static final int MOST = 500;

    @Override
    public Answer run(Session session, Request request) throws IOException {
        Arguments in = request.arguments();
        List<AuthorizedUrl> rumps = new ArrayList<>();
        do {
            rumps.add(rump(in.space().astring(), session.user().orElseThrow()));
            if (!Internal.isNext(in.space())) return ResetKey.UNKNOWN_MECHANISM;
            if (rumps.size() > MOST) throw SyntaxFault.limit("At most " + MOST + " URLs are authorized at once");
        } while (!in.atEnd());
        StringBuilder all = new StringBuilder("GENURLAUTH");
        for (AuthorizedUrl rump : rumps) Text.string(all.append(' '), authorized(session.account(), rump));
        session.untagged(all.toString());
        return Answer.ok("Authorized");
    }

    /** @throws SyntaxFault when it is none of that user, who alone has the keys of his mailboxes */
    private static AuthorizedUrl rump(String text, Address user) {
        AuthorizedUrl url = AuthorizedUrl.parse(text, user)
                .filter(u -> u.token().isEmpty())
                .orElseThrow(() -> new SyntaxFault(
                        "A URL to be authorized has an owner, a mailbox, a UID and at its end an access identifier"));
        if (!url.owner().equals(user.folded())) throw new SyntaxFault("The owner of the URL is another");
        return url;
    }

    private static String authorized(Realm account, AuthorizedUrl rump) throws IOException {
        Optional<Mailbox> mailbox = account.source(rump.message().mailbox().orElseThrow());
        // RFC 4467 7 wants BAD for that.
        if (mailbox.isEmpty()) throw new SyntaxFault("There is no such mailbox");
        byte[] key = account.store().keys(account.user()).of(mailbox.get().name());
        return Internal.authorized(rump.rump(), mailbox.get().status().uidValidity(), key);
    }
}
