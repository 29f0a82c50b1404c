package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.posthorn.api.mailbox.Email;
import org.posthorn.api.mailbox.ObjectId;
import org.posthorn.jmap.Arguments;
import org.posthorn.jmap.Context;
import org.posthorn.jmap.GetRequest;
import org.posthorn.jmap.Json;
import org.posthorn.jmap.Method;
import org.posthorn.jmap.MethodError;
import org.posthorn.jmap.MethodFault;

/** {@code Thread/get}, RFC 8621 3.1. */
record ThreadGet(Digests digests) implements Method {

    @Override
    public ObjectNode call(Context context, Arguments arguments) throws MethodFault, IOException {
        GetRequest request = GetRequest.of(context, arguments, Set.of("id", "emailIds"));
        arguments.end();
        MailView mail = MailView.of(context, request.account(), digests);
        GetRequest.Answer answer = request.answer(mail.state());
        Map<String, List<String>> threads = threads(mail, request);
        if (request.ids().isEmpty() && threads.size() > context.limits().objectsInGet())
            throw new MethodFault(MethodError.REQUEST_TOO_LARGE);
        for (String id : request.ids().orElse(List.copyOf(threads.keySet()))) {
            if (threads.containsKey(id)) answer.list().add(json(request, id, threads.get(id)));
            else answer.notFound().add(id);
        }
        return answer.json();
    }

    /** The ids of Emails, oldest first, by those of their threads. */
    private static Map<String, List<String>> threads(MailView mail, GetRequest request)
            throws IOException, MethodFault {
        List<Email> emails = request.ids().isEmpty()
                ? mail.all()
                : mail.inThreads(request.ids().get());
        Map<String, List<String>> threads = new LinkedHashMap<>();
        for (Email email : emails)
            threads.computeIfAbsent(ObjectId.thread(email.thread()), t -> new ArrayList<>())
                    .add(Metadata.id(email));
        return threads;
    }

    private static ObjectNode json(GetRequest request, String id, List<String> emails) {
        ObjectNode json = Json.NODES.objectNode().put("id", id);
        ArrayNode ids = Json.NODES.arrayNode();
        emails.forEach(ids::add);
        if (request.wants("emailIds", true)) json.set("emailIds", ids);
        return json;
    }
}
