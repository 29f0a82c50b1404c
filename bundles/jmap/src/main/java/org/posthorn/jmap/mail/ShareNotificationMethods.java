package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.posthorn.jmap.Arguments;
import org.posthorn.jmap.Attempts;
import org.posthorn.jmap.Context;
import org.posthorn.jmap.Filter;
import org.posthorn.jmap.Method;
import org.posthorn.jmap.MethodError;
import org.posthorn.jmap.MethodFault;
import org.posthorn.jmap.ObjectLog;
import org.posthorn.jmap.Refusal;
import org.posthorn.jmap.SetAnswer;
import org.posthorn.jmap.SetError;
import org.posthorn.jmap.SetRequest;
import org.posthorn.jmap.Sort;

/** What is done with ShareNotifications, RFC 9670 3. */
public record ShareNotificationMethods(ShareNotifications notifications) {

    private static final LogIds IDS = new LogIds("N");

    private static final Set<String> PROPERTIES = Set.of(
            "id",
            "created",
            "changedBy",
            "objectType",
            "objectAccountId",
            "objectId",
            "oldRights",
            "newRights",
            "name");

    /** By their names. */
    public Map<String, Method> all() {
        Map<String, Method> methods = new LoggedMethods(
                        "ShareNotification",
                        IDS,
                        PROPERTIES,
                        notifications::of,
                        (context, one) -> one,
                        ShareNotificationMethods::search)
                .all();
        methods.put("ShareNotification/set", this::set);
        return methods;
    }

    private static LoggedMethods.Search search(Optional<Filter> filter, List<Sort> sort) throws MethodFault {
        if (filter.isPresent()) EmailFilter.bounded(filter.get());
        Predicate<ObjectNode> wanted =
                filter.isEmpty() ? one -> true : Filter.predicate(filter.get(), ShareNotificationMethods::condition);
        Comparator<ObjectLog.Entry> order = order(sort);
        return log -> log.all().stream()
                .filter(e -> wanted.test(e.object()))
                .sorted(order)
                .map(e -> IDS.of(e.number()))
                .toList();
    }

    private static Comparator<ObjectLog.Entry> order(List<Sort> sort) throws MethodFault {
        Comparator<ObjectLog.Entry> oldest =
                Comparator.comparing((ObjectLog.Entry e) -> created(e.object())).thenComparing(ObjectLog.Entry::number);
        for (Sort by : sort) if (!by.property().equals("created")) throw new MethodFault(MethodError.UNSUPPORTED_SORT);
        return sort.isEmpty() || sort.get(0).ascending() ? oldest : oldest.reversed();
    }

    private static Instant created(ObjectNode one) {
        return Instant.parse(one.path("created").asText());
    }

    private static Predicate<ObjectNode> condition(ObjectNode json) throws MethodFault {
        Predicate<ObjectNode> all = one -> true;
        for (Map.Entry<String, JsonNode> property : json.properties())
            all = all.and(condition(property.getKey(), property.getValue()));
        return all;
    }

    private static Predicate<ObjectNode> condition(String name, JsonNode value) throws MethodFault {
        switch (name) {
            case "after", "before":
                if (value.isNull()) return one -> true;
                Instant date = Values.date(name, value);
                boolean before = name.equals("before");
                return one -> created(one).isBefore(date) == before;
            case "objectType", "objectAccountId":
                String text = Values.text(name, value);
                return one -> one.path(name).asText().equals(text);
            default:
                throw new MethodFault(MethodError.UNSUPPORTED_FILTER);
        }
    }

    /** The server makes them; who has seen one dismisses it. */
    private ObjectNode set(Context context, Arguments arguments) throws MethodFault, IOException {
        SetRequest request = SetRequest.of(context, arguments);
        arguments.end();
        Attempts attempts = new Attempts("ShareNotification/set", request.account(), Refusal::error);
        return attempts.answer(() -> {
            ShareNotifications.Kept kept = notifications.kept(request.account());
            ObjectLog log = kept.log();
            SetAnswer answer = request.answer(Long.toString(log.state()));
            request.create().keySet().forEach(id -> answer.notCreated(id, SetError.FORBIDDEN));
            request.update().keySet().forEach(id -> answer.notUpdated(id, SetError.FORBIDDEN));
            for (String id : request.destroy())
                attempts.make(
                        id,
                        () -> {
                            if (log.get(IDS.number(id)).isEmpty()) throw new Refusal(SetError.NOT_FOUND);
                            kept.destroy(IDS.number(id));
                            answer.destroyed(id);
                        },
                        error -> answer.notDestroyed(id, error));
            return answer.json(Long.toString(kept.log().state()));
        });
    }
}
