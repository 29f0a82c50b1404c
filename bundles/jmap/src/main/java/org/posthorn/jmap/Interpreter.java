package org.posthorn.jmap;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.posthorn.api.mailbox.MailboxFault;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out the calls of one request, one behind the other, RFC 8620 3.4. For one thread. */
final class Interpreter {

    private static final Logger LOG = LoggerFactory.getLogger(Interpreter.class);

    private static final String BROKEN = "Something on the server is broken; its log says what";
    /** Kinds of methods that change something. */
    private static final Set<String> CHANGING = Set.of("set", "copy", "import");

    private final Services services;
    private final Asker asker;
    private final Request request;
    private final Room.Held room;
    private final Map<String, String> createdIds;
    private final List<Invocation> responses = new ArrayList<>();
    private final Budget budget = new Budget();
    private final ResultReferences references = new ResultReferences(responses);

    private Interpreter(Services services, Asker asker, Request request, Room.Held room) {
        this.services = services;
        this.room = room;
        this.asker = asker;
        this.request = request;
        this.createdIds = new HashMap<>(request.createdIds().orElse(Map.of()));
    }

    /**
     * The whole response but for the session's state.
     *
     * @param room where the responses have their place
     * @throws Refused when nothing of it is carried out
     */
    static ObjectNode run(Services services, Asker asker, Request request, Room.Held room) throws Refused {
        for (String uri : request.using())
            if (!services.methods().capabilities().containsKey(uri)) throw new Refused(Problem.unknownCapability(uri));
        if (request.calls().size() > services.limits().get().calls())
            throw new Refused(Problem.limit("maxCallsInRequest"));
        return new Interpreter(services, asker, request, room).run();
    }

    private ObjectNode run() {
        for (Invocation call : request.calls()) run(call);
        ObjectNode answer = Json.NODES.objectNode();
        ArrayNode all = answer.putArray("methodResponses");
        responses.forEach(response -> all.add(response.json()));
        if (request.createdIds().isPresent()) {
            ObjectNode ids = answer.putObject("createdIds");
            createdIds.forEach(ids::put);
        }
        return answer;
    }

    private void run(Invocation call) {
        try (Context context = new Context(asker, services, createdIds, budget, request.using())) {
            responses.add(response(call, context));
            for (Invocation implied : context.implied())
                run(new Invocation(implied.name(), implied.arguments(), call.callId()));
        }
    }

    private Invocation response(Invocation call, Context context) {
        try {
            MethodTable.Entry entry = services.methods()
                    .method(call.name(), request.using())
                    .orElseThrow(() -> new MethodFault(MethodError.UNKNOWN_METHOD));
            ObjectNode arguments = references.resolve(call.arguments());
            context.isFor(entry.capability());
            ObjectNode answer = entry.method().call(context, new Arguments(arguments));
            if (room.take(Json.weight(answer))) return new Invocation(call.name(), answer, call.callId());
            return error(broken(call, MethodError.REQUEST_TOO_LARGE), call);
        } catch (MethodFault fault) {
            return error(fault.error(), call);
        } catch (MailboxFault fault) {
            return error(error(fault, call), call);
        } catch (StackOverflowError deep) {
            LOG.warn("{} of {} is too deep to be carried out", call.name(), asker.user());
            return error(broken(call, MethodError.REQUEST_TOO_LARGE), call);
        } catch (IOException | RuntimeException broken) {
            LOG.error("{} of {} failed", call.name(), asker.user(), broken);
            return error(broken(call, MethodError.serverFail(BROKEN)), call);
        }
    }

    /** Why a call fails that may have been at work: only of one that changes nothing can it be said that nothing is done, RFC 8620 3.6.2. */
    private static MethodError broken(Invocation call, MethodError otherwise) {
        String kind = call.name().substring(call.name().indexOf('/') + 1);
        return CHANGING.contains(kind) ? MethodError.serverPartialFail(BROKEN) : otherwise;
    }

    private static MethodError error(MailboxFault fault, Invocation call) {
        return switch (fault.kind()) {
            case NOPERM -> broken(call, MethodError.FORBIDDEN);
            default -> broken(call, MethodError.serverFail(fault.getMessage()));
        };
    }

    private static Invocation error(MethodError error, Invocation call) {
        return new Invocation("error", error.json(), call.callId());
    }
}
