package org.posthorn.jmap;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import org.posthorn.api.mail.Address;
import org.posthorn.jmap.mail.BlobLookup;

/** {@code urn:ietf:params:jmap:blob}, RFC 9404: small blobs within requests and responses. */
final class BlobCapability implements Capability {

    @Override
    public String uri() {
        return "urn:ietf:params:jmap:blob";
    }

    @Override
    public ObjectNode server(Limits limits) {
        return Json.NODES.objectNode();
    }

    /** RFC 9404 3.1. */
    @Override
    public ObjectNode account(Limits limits, Address user) {
        return account(limits);
    }

    @Override
    public Optional<ObjectNode> shared(Limits limits) {
        return Optional.of(account(limits));
    }

    private static ObjectNode account(Limits limits) {
        ObjectNode blob = Json.NODES.objectNode();
        blob.put("maxSizeBlobSet", limits.uploadSize()).put("maxDataSources", BlobUpload.MOST_SOURCES);
        BlobLookup.TYPES.forEach(blob.putArray("supportedTypeNames")::add);
        ArrayNode digests = blob.putArray("supportedDigestAlgorithms");
        BlobGet.DIGESTS.forEach(digest -> digests.add(digest.getKey()));
        return blob;
    }

    @Override
    public Map<String, Method> methods() {
        return Map.of("Blob/upload", new BlobUpload(), "Blob/get", new BlobGet(), "Blob/lookup", new BlobLookup());
    }
}
