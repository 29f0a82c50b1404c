package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.posthorn.api.mailbox.ObjectId;
import org.posthorn.jmap.Arguments;
import org.posthorn.jmap.ChangesRequest;
import org.posthorn.jmap.Context;
import org.posthorn.jmap.Method;
import org.posthorn.jmap.MethodFault;

/** {@code Thread/changes}, RFC 8621 3.2. */
record ThreadChanges(Digests digests) implements Method {

    @Override
    public ObjectNode call(Context context, Arguments arguments) throws MethodFault, IOException {
        ChangesRequest request = ChangesRequest.of(context, arguments);
        arguments.end();
        MailView mail = MailView.of(context, request.account(), digests);
        ChangeStep since = mail.step(request.sinceState());
        return ChangeList.answer(request, mail.sight(), since.changes(mail::threadChanges), ObjectId::thread);
    }
}
