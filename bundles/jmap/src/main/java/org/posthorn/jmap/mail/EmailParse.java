package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.posthorn.api.mail.Address;
import org.posthorn.jmap.Arguments;
import org.posthorn.jmap.Budget;
import org.posthorn.jmap.Context;
import org.posthorn.jmap.Json;
import org.posthorn.jmap.Method;
import org.posthorn.jmap.MethodFault;
import org.posthorn.mime.StoredMessage;

/** {@code Email/parse}, RFC 8621 4.9. */
record EmailParse() implements Method {

    @Override
    public ObjectNode call(Context context, Arguments arguments) throws MethodFault, IOException {
        Address account = context.account(arguments);
        Set<String> ids = Parsing.ids(arguments);
        EmailView view = EmailGet.view(arguments.strings("properties").orElse(EmailView.USUAL_PARSED), arguments);
        arguments.end();
        Budget budget = context.budget();
        return Parsing.of(context, account, ids, (id, message) -> email(id, message, view, budget));
    }

    /** Empty when it has not one field: then it is no message. */
    private static Optional<ObjectNode> email(String id, StoredMessage message, EmailView view, Budget budget)
            throws IOException, MethodFault {
        ReadEmail email = new ReadEmail(id, () -> message, ReadEmail.Memory.NONE);
        if (email.header().isEmpty()) return Optional.empty();
        EmailContent content = new EmailContent(email, view, budget);
        ObjectNode json = Json.NODES.objectNode();
        for (String property : view.properties()) {
            if (Metadata.knows(property)) json.putNull(property);
            content.put(json, property);
        }
        if (json.has("blobId")) json.put("blobId", id);
        if (json.has("size")) json.put("size", message.size());
        return Optional.of(json);
    }
}
