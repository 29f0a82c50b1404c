package org.posthorn.imap.command;

import org.posthorn.imap.Answer;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.Command;
import org.posthorn.imap.Request;
import org.posthorn.imap.Session;

/** SETQUOTA, RFC 9208 4.1.3: limits are settings, so that QUOTASET is not announced, and no user may change one. */
final class SetQuota implements Command {

    @Override
    public Answer run(Session session, Request request) {
        Arguments in = request.arguments().space();
        in.astring();
        in.space().expect('(');
        if (!in.pass(')')) {
            do {
                in.atom();
                in.space().number();
            } while (in.passSpace());
            in.expect(')');
        }
        in.end();
        return Answer.no("[NOPERM] Quotas are set by the administrator");
    }
}
