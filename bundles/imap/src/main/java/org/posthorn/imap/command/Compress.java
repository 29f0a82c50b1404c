package org.posthorn.imap.command;

import org.posthorn.imap.Answer;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.Command;
import org.posthorn.imap.Request;
import org.posthorn.imap.Session;

/** COMPRESS, RFC 4978 3. */
final class Compress implements Command {

    @Override
    public boolean needsMailboxes() {
        return false;
    }

    @Override
    public Answer run(Session session, Request request) {
        Arguments in = request.arguments().space();
        String algorithm = in.keyword();
        in.end();
        if (!algorithm.equals("DEFLATE")) return Answer.bad("There is no such algorithm");
        if (session.connection().compressed()) return Answer.no("[COMPRESSIONACTIVE] DEFLATE is active by COMPRESS");
        return session.thenCompress(request, Answer.ok("DEFLATE is active"));
    }
}
