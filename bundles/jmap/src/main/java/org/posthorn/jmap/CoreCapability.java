package org.posthorn.jmap;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code urn:ietf:params:jmap:core}, RFC 8620 2. */
final class CoreCapability implements Capability {

    static final String URI = "urn:ietf:params:jmap:core";

    private final Map<String, Method> push;

    /** @param push the methods of PushSubscriptions, RFC 8620 7.2; none where nothing can be pushed */
    CoreCapability(Map<String, Method> push) {
        this.push = push;
    }

    @Override
    public String uri() {
        return URI;
    }

    @Override
    public Optional<ObjectNode> shared(Limits limits) {
        return Optional.of(Json.NODES.objectNode());
    }

    @Override
    public ObjectNode server(Limits limits) {
        ObjectNode core = Json.NODES.objectNode();
        core.put("maxSizeUpload", limits.uploadSize());
        core.put("maxConcurrentUpload", limits.uploads());
        core.put("maxSizeRequest", limits.requestSize());
        core.put("maxConcurrentRequests", limits.requests());
        core.put("maxCallsInRequest", limits.calls());
        core.put("maxObjectsInGet", limits.objectsInGet());
        core.put("maxObjectsInSet", limits.objectsInSet());
        core.putArray("collationAlgorithms").add("i;ascii-casemap").add("i;unicode-casemap");
        return core;
    }

    /** RFC 8620 4: of an echo the same arguments come back, whatever they are. */
    @Override
    public Map<String, Method> methods() {
        Map<String, Method> methods = new HashMap<>(push);
        methods.put("Core/echo", (context, arguments) -> arguments.all());
        methods.put("Blob/copy", new BlobCopy());
        return methods;
    }

    @Override
    public List<BlobSource> blobs() {
        return List.of(new MessageBlobs());
    }
}
