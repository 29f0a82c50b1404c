package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.IdChanges;
import org.posthorn.jmap.Arguments;
import org.posthorn.jmap.ChangesRequest;
import org.posthorn.jmap.Context;
import org.posthorn.jmap.Filter;
import org.posthorn.jmap.GetRequest;
import org.posthorn.jmap.Id;
import org.posthorn.jmap.Json;
import org.posthorn.jmap.Method;
import org.posthorn.jmap.MethodError;
import org.posthorn.jmap.MethodFault;
import org.posthorn.jmap.ObjectLog;
import org.posthorn.jmap.QueryChangesRequest;
import org.posthorn.jmap.QueryRequest;
import org.posthorn.jmap.Sort;

/**
 * How objects of a data type are read and found that an {@link ObjectLog} keeps: RFC 8620 5.1, 5.2, 5.5 and 5.6.
 *
 * @param type its name
 * @param properties that are told of one; what else is kept is the server's
 */
record LoggedMethods(String type, LogIds ids, Set<String> properties, Source source, Told told, Query query) {

    /** Where those of an account are kept. */
    interface Source {
        ObjectLog of(Address account) throws IOException;
    }

    /** What is told of one as it is kept, to who asks; it changes nothing in it. */
    interface Told {
        ObjectNode of(Context context, ObjectNode object);
    }

    /** Reads what a query asks for. */
    interface Query {
        Search of(Optional<Filter> filter, List<Sort> sort) throws MethodFault;
    }

    /** Finds it. */
    interface Search {
        /** Ids, in their order. */
        List<String> ids(ObjectLog log);
    }

    /** By their names; more can be added. */
    Map<String, Method> all() {
        Map<String, Method> methods = new HashMap<>();
        methods.put(type + "/get", this::get);
        methods.put(type + "/changes", this::changes);
        methods.put(type + "/query", this::query);
        methods.put(type + "/queryChanges", this::queryChanges);
        return methods;
    }

    private ObjectNode get(Context context, Arguments arguments) throws MethodFault, IOException {
        GetRequest request = GetRequest.of(context, arguments, properties);
        arguments.end();
        ObjectLog log = source.of(request.account());
        GetRequest.Answer answer = request.answer(Long.toString(log.state()));
        Set<String> wanted = request.properties().orElse(properties);
        if (request.ids().isEmpty() && log.size() > context.limits().objectsInGet())
            throw new MethodFault(MethodError.REQUEST_TOO_LARGE);
        if (request.ids().isEmpty()) log.all().forEach(e -> answer.list().add(shown(context, e, wanted)));
        for (String id : request.ids().orElse(List.of()))
            log.get(ids.number(id))
                    .ifPresentOrElse(e -> answer.list().add(shown(context, e, wanted)), () -> answer.notFound()
                            .add(id));
        return answer.json();
    }

    private ObjectNode shown(Context context, ObjectLog.Entry entry, Set<String> wanted) {
        ObjectNode shown = Json.NODES.objectNode().put("id", ids.of(entry.number()));
        for (Map.Entry<String, JsonNode> one : told.of(context, entry.object()).properties())
            if (properties.contains(one.getKey()) && wanted.contains(one.getKey()))
                shown.set(one.getKey(), one.getValue());
        return shown;
    }

    private ObjectNode changes(Context context, Arguments arguments) throws MethodFault, IOException {
        ChangesRequest request = ChangesRequest.of(context, arguments);
        arguments.end();
        long since = ChangeList.since(request.sinceState());
        return ChangeList.answer(request, source.of(request.account()).changes(since), ids::of);
    }

    private ObjectNode query(Context context, Arguments arguments) throws MethodFault, IOException {
        QueryRequest request = QueryRequest.of(context, arguments);
        arguments.end();
        Search search = query.of(request.filter(), request.sort());
        ObjectLog log = source.of(request.account());
        String state = Long.toString(log.state());
        return request.answer(state, true, search.ids(log), context.limits().objectsInGet());
    }

    /** What has changed is taken out, and put in again where it is now. */
    private ObjectNode queryChanges(Context context, Arguments arguments) throws MethodFault, IOException {
        QueryChangesRequest request = QueryChangesRequest.of(context, arguments);
        arguments.end();
        Search search = query.of(request.filter(), request.sort());
        long since = ChangeList.since(request.sinceQueryState());
        ObjectLog log = source.of(request.account());
        IdChanges changes = log.changes(since).orElseThrow(() -> new MethodFault(MethodError.CANNOT_CALCULATE_CHANGES));
        List<String> found = search.ids(log);
        ObjectNode json = Json.NODES.objectNode().put("accountId", Id.account(request.account()));
        json.put("oldQueryState", request.sinceQueryState()).put("newQueryState", Long.toString(changes.state()));
        if (request.calculateTotal()) json.put("total", found.size());
        List<String> removed = ids(Stream.of(changes.destroyed(), changes.updated(), changes.created()));
        removed.forEach(json.putArray("removed")::add);
        Set<String> again = Set.copyOf(ids(Stream.of(changes.updated(), changes.created())));
        ArrayNode added = json.putArray("added");
        for (int i = 0; i < found.size(); i++)
            if (again.contains(found.get(i)))
                added.addObject().put("id", found.get(i)).put("index", i);
        if (removed.size() + added.size() > request.maxChanges().orElse(Long.MAX_VALUE))
            throw new MethodFault(MethodError.TOO_MANY_CHANGES);
        return json;
    }

    private List<String> ids(Stream<List<IdChanges.Change>> lists) {
        return lists.flatMap(List::stream).map(c -> ids.of(c.number())).toList();
    }
}
