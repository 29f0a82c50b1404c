package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.posthorn.jmap.Arguments;
import org.posthorn.jmap.Context;
import org.posthorn.jmap.Method;
import org.posthorn.jmap.MethodFault;
import org.posthorn.jmap.QueryRequest;

/** {@code Mailbox/query}, RFC 8621 2.3. */
final class MailboxQuery implements Method {

    @Override
    public ObjectNode call(Context context, Arguments arguments) throws MethodFault, IOException {
        QueryRequest request = QueryRequest.of(context, arguments);
        MailboxSearch search = MailboxSearch.of(request.filter(), request.sort(), arguments);
        arguments.end();
        Folders folders = Folders.of(context, request.account());
        return request.answer(
                folders.state(), true, search.ids(folders), context.limits().objectsInGet());
    }
}
