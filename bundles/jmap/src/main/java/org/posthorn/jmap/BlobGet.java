package org.posthorn.jmap;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Blob/get, RFC 9404 4.2. Blobs never change, so there is no state. */
final class BlobGet implements Method {

    /** As clients name them and as Java does; those that clients should prefer come first. */
    static final List<Map.Entry<String, String>> DIGESTS =
            List.of(Map.entry("sha-256", "SHA-256"), Map.entry("sha-512", "SHA-512"), Map.entry("sha", "SHA-1"));

    private static final Set<String> PROPERTIES = properties();

    private static Set<String> properties() {
        Set<String> all = new TreeSet<>(Set.of("id", "data", "data:asText", "data:asBase64", "size"));
        DIGESTS.forEach(digest -> all.add("digest:" + digest.getKey()));
        return all;
    }

    @Override
    public ObjectNode call(Context context, Arguments arguments) throws MethodFault, IOException {
        GetRequest request = GetRequest.of(context, arguments, PROPERTIES);
        long offset = arguments.unsigned("offset").orElse(0);
        BlobRange range = new BlobRange(offset, arguments.unsigned("length"));
        arguments.end();
        List<String> ids =
                request.ids().orElseThrow(() -> MethodFault.invalid("ids is missing: nobody knows all blobs"));
        BlobView view = new BlobView(
                range, request.properties().orElse(Set.of("data", "size")), context.budget(), new BlobView.Work());
        ObjectNode answer = Json.NODES.objectNode().put("accountId", Id.account(request.account()));
        ArrayNode list = answer.putArray("list");
        ArrayNode notFound = answer.putArray("notFound");
        for (String id : ids) {
            Optional<Blob> blob = context.blob(request.account(), id);
            if (blob.isPresent()) list.add(view.json(id, blob.get()));
            else notFound.add(id);
        }
        return answer;
    }
}
