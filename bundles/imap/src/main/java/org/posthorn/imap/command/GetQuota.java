package org.posthorn.imap.command;

import java.io.IOException;
import org.posthorn.api.mailbox.Quota;
import org.posthorn.imap.Answer;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.Command;
import org.posthorn.imap.Request;
import org.posthorn.imap.Session;

/** GETQUOTA, RFC 9208 4.1.1. All mailboxes of a user have one quota root, if anything of his is limited, else none. */
final class GetQuota implements Command {

    /** Its name, as goes to the client. */
    static final String ROOT = "\"User quota\"";

    @Override
    public Answer run(Session session, Request request) throws IOException {
        Arguments in = request.arguments().space();
        String root = in.astring();
        in.end();
        Quota quota = session.quota();
        if (!quota.limited() || !ROOT.equals('"' + root + '"'))
            return Answer.no("[NONEXISTENT] There is no such quota root");
        tell(session, quota);
        return Answer.ok("That is the quota");
    }

    /** What is not limited is not named, RFC 9208 4.2.1. */
    static void tell(Session session, Quota quota) {
        StringBuilder out = new StringBuilder();
        if (quota.limit().octets() != Long.MAX_VALUE)
            out.append(" STORAGE ")
                    .append(kibibytes(quota.used().octets()))
                    .append(' ')
                    .append(kibibytes(quota.limit().octets()));
        if (quota.limit().messages() != Long.MAX_VALUE)
            out.append(" MESSAGE ")
                    .append(quota.used().messages())
                    .append(' ')
                    .append(quota.limit().messages());
        session.untagged("QUOTA " + ROOT + " (" + out.substring(1) + ")");
    }

    /** Begun ones count, so that what is full looks so, RFC 9208 5.1. */
    private static long kibibytes(long octets) {
        return octets / 1024 + (octets % 1024 > 0 ? 1 : 0);
    }
}
