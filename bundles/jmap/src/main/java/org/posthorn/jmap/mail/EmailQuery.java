package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.posthorn.api.mailbox.Email;
import org.posthorn.jmap.Arguments;
import org.posthorn.jmap.Context;
import org.posthorn.jmap.Method;
import org.posthorn.jmap.MethodFault;
import org.posthorn.jmap.QueryRequest;

/** {@code Email/query}, RFC 8621 4.4. */
record EmailQuery(Digests digests, Snoozes snoozes) implements Method {

    /** So many ids are told at a time. */
    private static final int MOST = 10_000;

    @Override
    public ObjectNode call(Context context, Arguments arguments) throws MethodFault, IOException {
        QueryRequest request = QueryRequest.of(context, arguments);
        boolean collapse = arguments.bool("collapseThreads", false);
        arguments.end();
        EmailSearch search = EmailSearch.of(request.filter(), request.sort(), collapse);
        Function<Email, Instant> times = snoozes.times(context.reach(request.account()), request.sort());
        MailView mail = MailView.of(context, request.account(), digests);
        String state = mail.state();
        List<String> ids = search.emails(mail, times).stream().map(Metadata::id).toList();
        return request.answer(state, search.isCheap(), ids, MOST);
    }
}
