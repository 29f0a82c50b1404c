package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.posthorn.api.mail.Address;
import org.posthorn.jmap.Arguments;
import org.posthorn.jmap.Blob;
import org.posthorn.jmap.Context;
import org.posthorn.jmap.Id;
import org.posthorn.jmap.Json;
import org.posthorn.jmap.MethodError;
import org.posthorn.jmap.MethodFault;
import org.posthorn.mime.Stash;
import org.posthorn.mime.StoredMessage;

/** What Email/parse (RFC 8621 4.9) and MDN/parse (RFC 9007 2.2) have in common: each blob is parsed, is not what it was taken for, or is not there. */
final class Parsing {

    private static final Path FOLDER = Path.of(System.getProperty("java.io.tmpdir"));

    /** Reads one of them. */
    interface Reader {
        /** @return empty when it is not what it was taken for */
        Optional<ObjectNode> read(String id, StoredMessage message) throws IOException, MethodFault;
    }

    private Parsing() {}

    static Set<String> ids(Arguments arguments) throws MethodFault {
        return new LinkedHashSet<>(
                arguments.strings("blobIds").orElseThrow(() -> MethodFault.invalid("blobIds is missing")));
    }

    static ObjectNode of(Context context, Address account, Set<String> ids, Reader reader)
            throws MethodFault, IOException {
        if (ids.size() > context.limits().objectsInGet()) throw new MethodFault(MethodError.REQUEST_TOO_LARGE);
        ObjectNode parsed = Json.NODES.objectNode();
        ArrayNode notParsable = Json.NODES.arrayNode();
        ArrayNode notFound = Json.NODES.arrayNode();
        for (String id : ids) {
            Optional<Blob> blob = context.blob(account, id);
            Optional<ObjectNode> json = blob.isEmpty() ? Optional.empty() : read(id, blob.get(), reader);
            if (json.isPresent()) parsed.set(id, json.get());
            else (blob.isEmpty() ? notFound : notParsable).add(id);
        }
        ObjectNode json = Json.NODES.objectNode().put("accountId", Id.account(account));
        json.set("parsed", orNull(parsed));
        json.set("notParsable", orNull(notParsable));
        json.set("notFound", orNull(notFound));
        return json;
    }

    private static Optional<ObjectNode> read(String id, Blob blob, Reader reader) throws IOException, MethodFault {
        try (Stash stash = new Stash(FOLDER, "jmap-");
                InputStream in = blob.open()) {
            in.transferTo(stash);
            return reader.read(id, StoredMessage.of(stash.octets(0, stash.size())));
        }
    }

    private static JsonNode orNull(ContainerNode<?> json) {
        return json.isEmpty() ? Json.NODES.nullNode() : json;
    }
}
