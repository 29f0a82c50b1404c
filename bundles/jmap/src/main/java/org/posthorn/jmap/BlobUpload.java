package org.posthorn.jmap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.posthorn.api.mail.Address;

/** Blob/upload, RFC 9404 4.1: what it makes is an upload like others. */
final class BlobUpload implements Method {

    /** Of one blob. */
    static final int MOST_SOURCES = 100;

    /** In one call: a part of a message costs reading the message. */
    private static final int MOST_BLOBS = 200;

    @Override
    public ObjectNode call(Context context, Arguments arguments) throws MethodFault, IOException {
        Address account = context.account(arguments);
        Map<String, ObjectNode> create = arguments.demandObjects("create");
        arguments.end();
        if (create.size() > context.limits().objectsInSet() || blobs(create) > MOST_BLOBS)
            throw new MethodFault(MethodError.REQUEST_TOO_LARGE);
        ObjectNode created = Json.NODES.objectNode();
        ObjectNode notCreated = Json.NODES.objectNode();
        for (Map.Entry<String, ObjectNode> one : create.entrySet()) {
            try {
                ObjectNode blob = create(context, account, one.getValue());
                context.created(one.getKey(), blob.path("id").textValue());
                created.set(one.getKey(), blob);
            } catch (DataSource.Invalid e) {
                notCreated.set(one.getKey(), e.error().json());
            } catch (Uploads.TooLarge e) {
                notCreated.set(one.getKey(), SetError.TOO_LARGE.json());
            } catch (Uploads.Full e) {
                notCreated.set(one.getKey(), SetError.OVER_QUOTA.json());
            }
        }
        ObjectNode answer = Json.NODES.objectNode().put("accountId", Id.account(account));
        answer.set("created", created.isEmpty() ? Json.NODES.nullNode() : created);
        answer.set("notCreated", notCreated.isEmpty() ? Json.NODES.nullNode() : notCreated);
        return answer;
    }

    private static long blobs(Map<String, ObjectNode> create) {
        long blobs = 0;
        for (ObjectNode one : create.values())
            for (JsonNode source : one.path("data")) if (source.has("blobId")) blobs++;
        return blobs;
    }

    private static ObjectNode create(Context context, Address account, ObjectNode json)
            throws IOException, MethodFault {
        List<JsonNode> data;
        Optional<String> type;
        try {
            Arguments members = new Arguments(json);
            data = members.array("data").orElseThrow(() -> MethodFault.invalid("data is missing"));
            type = members.optionalString("type");
            members.end();
        } catch (MethodFault wrong) {
            throw new DataSource.Invalid(wrong.error().description());
        }
        if (data.size() > MOST_SOURCES)
            throw new DataSource.Invalid("A blob is made of " + MOST_SOURCES + " sources at most");
        List<DataSource> sources = new ArrayList<>();
        for (JsonNode source : data) sources.add(source(context, account, source));
        try (InputStream in = new DataSources(sources)) {
            Uploads.Stored stored = context.store(in);
            ObjectNode blob = Json.NODES.objectNode().put("id", stored.id());
            return blob.put("type", MediaType.of(type.orElse(null))).put("size", stored.size());
        }
    }

    private static DataSource source(Context context, Address account, JsonNode json) throws IOException, MethodFault {
        if (json instanceof ObjectNode source) return DataSource.of(context, account, source);
        throw new DataSource.Invalid("A source is an object");
    }
}
