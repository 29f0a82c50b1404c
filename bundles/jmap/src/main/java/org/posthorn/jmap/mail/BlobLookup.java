package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.Email;
import org.posthorn.api.mailbox.ObjectId;
import org.posthorn.jmap.Arguments;
import org.posthorn.jmap.Context;
import org.posthorn.jmap.Id;
import org.posthorn.jmap.Json;
import org.posthorn.jmap.Method;
import org.posthorn.jmap.MethodError;
import org.posthorn.jmap.MethodFault;

/** Blob/lookup, RFC 9404 4.3: which Emails a blob is or is a part of, and the Threads and Mailboxes that these are in. */
public final class BlobLookup implements Method {

    /** Those that refer to blobs. */
    public static final List<String> TYPES = List.of("Mailbox", "Thread", "Email");

    /** A part of a message costs reading the message. */
    private static final int MOST = 100;

    private static final MethodError UNKNOWN_TYPE = new MethodError("unknownDataType", "");

    private final Digests digests = new Digests();

    @Override
    public ObjectNode call(Context context, Arguments arguments) throws MethodFault, IOException {
        Address account = context.account(arguments);
        List<String> types = demand(arguments, "typeNames");
        List<String> ids = demand(arguments, "ids");
        arguments.end();
        boolean known = TYPES.containsAll(types) && (types.isEmpty() || context.uses(MailCapability.URI));
        if (!known) throw new MethodFault(UNKNOWN_TYPE);
        if (ids.size() > MOST) throw new MethodFault(MethodError.REQUEST_TOO_LARGE);
        MailView mail = MailView.of(context, account, digests);
        ObjectNode answer = Json.NODES.objectNode().put("accountId", Id.account(account));
        ArrayNode list = answer.putArray("list");
        for (String id : ids) {
            ObjectNode info = list.addObject().put("id", id);
            ObjectNode matched = info.putObject("matchedIds");
            Optional<Email> email = email(context, account, mail, context.resolved(id));
            for (String type : types)
                email.stream().flatMap(e -> ids(type, e)).distinct().forEach(matched.putArray(type)::add);
        }
        return answer;
    }

    private static List<String> demand(Arguments arguments, String name) throws MethodFault {
        return arguments.strings(name).orElseThrow(() -> MethodFault.invalid(name + " is missing"));
    }

    /** The message that it is, or that it is a part of. */
    private static Optional<Email> email(Context context, Address account, MailView mail, String id)
            throws MethodFault, IOException {
        int part = id.indexOf('-');
        if (part > 0 && context.blob(account, id).isEmpty()) return Optional.empty();
        return mail.email(part < 0 ? id : id.substring(0, part));
    }

    private static Stream<String> ids(String type, Email email) {
        return switch (type) {
            case "Email" -> Stream.of(Metadata.id(email));
            case "Thread" -> Stream.of(ObjectId.thread(email.thread()));
            default -> email.places().stream().map(Email.Place::mailboxId);
        };
    }
}
