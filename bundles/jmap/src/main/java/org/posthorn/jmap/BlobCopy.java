package org.posthorn.jmap;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import org.posthorn.api.mail.Address;

/** Blob/copy, RFC 8620 6.3. */
final class BlobCopy implements Method {

    /** One that is a part of a message costs reading the message. */
    private static final int MOST = 100;

    @Override
    public ObjectNode call(Context context, Arguments arguments) throws MethodFault, IOException {
        Address from = context.fromAccount(arguments);
        Address to = context.account(arguments);
        List<String> ids = arguments.strings("blobIds").orElseThrow(() -> MethodFault.invalid("blobIds is missing"));
        arguments.end();
        if (ids.size() > Math.min(MOST, context.limits().objectsInSet()))
            throw new MethodFault(MethodError.REQUEST_TOO_LARGE);
        ObjectNode copied = Json.NODES.objectNode();
        ObjectNode notCopied = Json.NODES.objectNode();
        for (String id : new LinkedHashSet<>(ids)) {
            Optional<Blob> blob = context.blob(from, id);
            if (blob.isEmpty()) notCopied.set(id, SetError.NOT_FOUND.json());
            else copied.put(id, from.equals(to) ? id : copy(context, blob.get()));
        }
        ObjectNode answer = Json.NODES.objectNode();
        answer.put("fromAccountId", Id.account(from)).put("accountId", Id.account(to));
        answer.set("copied", copied.isEmpty() ? Json.NODES.nullNode() : copied);
        answer.set("notCopied", notCopied.isEmpty() ? Json.NODES.nullNode() : notCopied);
        return answer;
    }

    private static String copy(Context context, Blob blob) throws IOException {
        try (InputStream in = blob.open()) {
            return context.upload(in);
        }
    }
}
