package org.posthorn.imap.command;

import org.posthorn.imap.Answer;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.Command;
import org.posthorn.imap.Request;
import org.posthorn.imap.Session;
import org.posthorn.imap.SyntaxFault;

/** ID, RFC 2971. What the client says of itself changes nothing; the server gives its name, and no version to look up holes by. */
final class Id implements Command {

    @Override
    public Answer run(Session session, Request request) {
        Arguments in = request.arguments().space();
        if (in.peek() == '(') fields(in);
        else nil(in);
        in.end();
        session.untagged("ID (\"name\" \"Posthorn\")");
        return Answer.ok("Pleased to meet you");
    }

    private static void fields(Arguments in) {
        in.expect('(');
        for (int n = 0; !in.pass(')'); n++) {
            if (n == 30) throw new SyntaxFault("There are too many fields");
            if (n > 0) in.space();
            in.string();
            in.space();
            if (in.peek() == '"' || in.peek() == '{') in.string();
            else nil(in);
        }
    }

    private static void nil(Arguments in) {
        if (!in.keyword().equals("NIL")) throw new SyntaxFault("Expected NIL or a list");
    }
}
