package org.posthorn.jmap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.posthorn.api.mail.Address;

/** A data type for tests: named things with numbers, made by the seams that real ones are made by. */
final class Things implements Capability {

    static final String URI = "https://example.org/things";

    final Map<String, ObjectNode> all = new HashMap<>();
    volatile int state = 1;
    volatile InputStream slow = InputStream.nullInputStream();
    /** Runs before its states are told. */
    volatile Runnable looking = () -> {};

    final CountDownLatch mayEnd = new CountDownLatch(1);
    final AtomicInteger waiting = new AtomicInteger();

    @Override
    public String uri() {
        return URI;
    }

    @Override
    public ObjectNode server(Limits limits) {
        return Json.NODES.objectNode();
    }

    @Override
    public Map<String, Method> methods() {
        return Map.of(
                "Thing/wait",
                (context, arguments) -> await(arguments),
                "Thing/copy",
                (context, arguments) -> {
                    throw new IOException("the disk of " + context.user());
                },
                "Thing/deep",
                (context, arguments) -> deep(1),
                "Thing/get",
                this::get,
                "Thing/set",
                this::set,
                "Thing/query",
                this::query,
                "Thing/changes",
                this::changes,
                "Thing/breaks",
                (context, arguments) -> {
                    throw new IOException("the disk of " + context.user());
                },
                "Thing/implies",
                (context, arguments) -> {
                    context.imply("Thing/get", Json.NODES.objectNode().put("accountId", Id.account(context.user())));
                    return Json.NODES.objectNode();
                });
    }

    @Override
    public Map<String, String> states(Context context, Address account) {
        looking.run();
        return Map.of("Thing", String.valueOf(state));
    }

    private ObjectNode await(Arguments arguments) {
        waiting.incrementAndGet();
        try {
            mayEnd.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return arguments.all();
    }

    private static ObjectNode deep(int level) {
        return deep(level + 1).put("level", level);
    }

    /** {@code Tslow} comes as fast as {@link #slow} lets it. */
    @Override
    public List<BlobSource> blobs() {
        return List.of((context, account, id) -> id.equals("Tslow") ? Optional.of(new Slow()) : Optional.empty());
    }

    private final class Slow implements Blob {
        @Override
        public OptionalLong size() {
            return OptionalLong.empty();
        }

        @Override
        public InputStream open() {
            return slow;
        }
    }

    private ObjectNode get(Context context, Arguments arguments) throws MethodFault {
        GetRequest request = GetRequest.of(context, arguments, java.util.Set.of("id", "name", "number"));
        arguments.end();
        GetRequest.Answer answer = request.answer(String.valueOf(state));
        for (String id : request.ids().orElse(List.copyOf(all.keySet()))) {
            ObjectNode thing = all.get(id);
            if (thing == null) {
                answer.notFound().add(id);
                continue;
            }
            ObjectNode told = Json.NODES.objectNode();
            for (Map.Entry<String, JsonNode> property : thing.properties())
                if (request.wants(property.getKey(), true)) told.set(property.getKey(), property.getValue());
            answer.list().add(told);
        }
        return answer.json();
    }

    private ObjectNode set(Context context, Arguments arguments) throws MethodFault, IOException {
        SetRequest request = SetRequest.of(context, arguments);
        arguments.end();
        SetAnswer answer = request.answer(String.valueOf(state));
        request.create().forEach((creationId, thing) -> {
            if (!thing.has("name")) {
                answer.notCreated(creationId, SetError.invalidProperties("", "name"));
                return;
            }
            String id = "T" + all.size();
            all.put(id, thing.deepCopy().put("id", id));
            answer.created(context, creationId, Json.NODES.objectNode().put("id", id));
            state++;
        });
        request.update().forEach((given, patch) -> {
            String id = context.resolved(given);
            if (!all.containsKey(id)) answer.notUpdated(id, SetError.NOT_FOUND);
            else
                Patch.applied(all.get(id), patch)
                        .ifPresentOrElse(
                                patched -> {
                                    all.put(id, patched);
                                    answer.updated(id);
                                    state++;
                                },
                                () -> answer.notUpdated(id, SetError.invalidPatch("")));
        });
        for (String id : request.destroy()) {
            if (all.remove(id) != null) answer.destroyed(id);
            else answer.notDestroyed(id, SetError.NOT_FOUND);
        }
        return answer.json(String.valueOf(state));
    }

    private ObjectNode query(Context context, Arguments arguments) throws MethodFault {
        QueryRequest request = QueryRequest.of(context, arguments);
        arguments.end();
        List<String> ids = new ArrayList<>(all.keySet());
        ids.sort(null);
        if (request.filter().isPresent()) {
            var wanted = Filter.<ObjectNode>predicate(request.filter().get(), condition -> {
                if (!condition.has("name")) throw new MethodFault(MethodError.UNSUPPORTED_FILTER);
                return thing -> thing.get("name").equals(condition.get("name"));
            });
            ids.removeIf(id -> !wanted.test(all.get(id)));
        }
        return request.answer(String.valueOf(state), false, ids, 100);
    }

    private ObjectNode changes(Context context, Arguments arguments) throws MethodFault {
        ChangesRequest request = ChangesRequest.of(context, arguments);
        arguments.end();
        if (!request.sinceState().equals("0")) throw new MethodFault(MethodError.CANNOT_CALCULATE_CHANGES);
        return request.answer(String.valueOf(state), false, all.keySet(), List.of(), List.of());
    }
}
