package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.posthorn.api.mailbox.IdChanges;
import org.posthorn.jmap.Arguments;
import org.posthorn.jmap.ChangesRequest;
import org.posthorn.jmap.Context;
import org.posthorn.jmap.GetRequest;
import org.posthorn.jmap.Id;
import org.posthorn.jmap.Json;
import org.posthorn.jmap.Method;
import org.posthorn.jmap.MethodError;
import org.posthorn.jmap.MethodFault;
import org.posthorn.jmap.ObjectLog;
import org.posthorn.jmap.QueryChangesRequest;
import org.posthorn.jmap.QueryRequest;

/** What is done with EmailSubmissions, RFC 8621 7. */
record SubmissionMethods(Submissions submissions) {

    Map<String, Method> all(SubmissionSet set) {
        Map<String, Method> methods = new HashMap<>();
        methods.put("EmailSubmission/get", this::get);
        methods.put("EmailSubmission/changes", this::changes);
        methods.put("EmailSubmission/query", this::query);
        methods.put("EmailSubmission/queryChanges", this::queryChanges);
        methods.put("EmailSubmission/set", set);
        return methods;
    }

    private ObjectNode get(Context context, Arguments arguments) throws MethodFault, IOException {
        GetRequest request = GetRequest.of(context, arguments, SubmissionRecord.PROPERTIES);
        arguments.end();
        ObjectLog log = submissions.of(request.account());
        GetRequest.Answer answer = request.answer(Long.toString(log.state()));
        Set<String> wanted = request.properties().orElse(SubmissionRecord.PROPERTIES);
        if (request.ids().isEmpty() && log.size() > context.limits().objectsInGet())
            throw new MethodFault(MethodError.REQUEST_TOO_LARGE);
        if (request.ids().isEmpty()) log.all().forEach(e -> answer.list().add(shown(context, e, wanted)));
        for (String id : request.ids().orElse(List.of()))
            log.get(SubmissionRecord.number(id))
                    .ifPresentOrElse(e -> answer.list().add(shown(context, e, wanted)), () -> answer.notFound()
                            .add(id));
        return answer.json();
    }

    private static ObjectNode shown(Context context, ObjectLog.Entry entry, Set<String> wanted) {
        SubmissionRecord one = new SubmissionRecord(entry.object());
        boolean explained = context.uses(ExplainCapability.URI);
        return explained ? one.explained(entry.number(), wanted) : one.shown(entry.number(), wanted);
    }

    private ObjectNode changes(Context context, Arguments arguments) throws MethodFault, IOException {
        ChangesRequest request = ChangesRequest.of(context, arguments);
        arguments.end();
        long since = ChangeList.since(request.sinceState());
        return ChangeList.answer(request, submissions.of(request.account()).changes(since), SubmissionRecord::id);
    }

    private ObjectNode query(Context context, Arguments arguments) throws MethodFault, IOException {
        QueryRequest request = QueryRequest.of(context, arguments);
        arguments.end();
        SubmissionSearch search = SubmissionSearch.of(request.filter(), request.sort());
        ObjectLog log = submissions.of(request.account());
        String state = Long.toString(log.state());
        return request.answer(state, true, search.ids(log), context.limits().objectsInGet());
    }

    /** What has changed is taken out, and put in again where it is now. */
    private ObjectNode queryChanges(Context context, Arguments arguments) throws MethodFault, IOException {
        QueryChangesRequest request = QueryChangesRequest.of(context, arguments);
        arguments.end();
        SubmissionSearch search = SubmissionSearch.of(request.filter(), request.sort());
        long since = ChangeList.since(request.sinceQueryState());
        ObjectLog log = submissions.of(request.account());
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

    private static List<String> ids(Stream<List<IdChanges.Change>> lists) {
        return lists.flatMap(List::stream)
                .map(c -> SubmissionRecord.id(c.number()))
                .toList();
    }
}
