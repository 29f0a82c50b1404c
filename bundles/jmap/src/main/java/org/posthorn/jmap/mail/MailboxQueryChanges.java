package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import org.posthorn.jmap.Arguments;
import org.posthorn.jmap.Context;
import org.posthorn.jmap.Id;
import org.posthorn.jmap.Json;
import org.posthorn.jmap.Method;
import org.posthorn.jmap.MethodError;
import org.posthorn.jmap.MethodFault;
import org.posthorn.jmap.QueryChangesRequest;
import org.posthorn.jmap.mail.MailboxHistory.Kind;

/**
 * {@code Mailbox/queryChanges}, RFC 8621 2.4: there are few, and the place of one depends on others, so what is found is told anew as a whole if anything but counts has changed.
 */
final class MailboxQueryChanges implements Method {

    @Override
    public ObjectNode call(Context context, Arguments arguments) throws MethodFault, IOException {
        QueryChangesRequest request = QueryChangesRequest.of(context, arguments);
        MailboxSearch search = MailboxSearch.of(request.filter(), request.sort(), arguments);
        arguments.end();
        Folders folders = Folders.of(context, request.account());
        long since = ChangeList.since(MailboxHistory.withoutSight(folders, request.sinceQueryState()));
        MailboxHistory history = MailboxHistory.since(folders, since);
        List<String> found = search.ids(folders);
        ObjectNode json = Json.NODES.objectNode().put("accountId", Id.account(request.account()));
        json.put("oldQueryState", request.sinceQueryState()).put("newQueryState", folders.state());
        if (request.calculateTotal()) json.put("total", found.size());
        ArrayNode removed = json.putArray("removed");
        ArrayNode added = json.putArray("added");
        if (history.kinds().values().stream().anyMatch(kind -> kind != Kind.COUNTED)) {
            removed(folders, history, removed);
            for (int i = 0; i < found.size(); i++)
                added.addObject().put("id", found.get(i)).put("index", i);
        }
        if (removed.size() + added.size() > request.maxChanges().orElse(Long.MAX_VALUE))
            throw new MethodFault(MethodError.TOO_MANY_CHANGES);
        return json;
    }

    /** All that there may have been. */
    private static void removed(Folders folders, MailboxHistory history, ArrayNode removed) {
        for (Folder folder : folders.all())
            if (history.kinds().get(folder.id()) != Kind.CREATED) removed.add(folder.id());
        history.kinds().forEach((id, kind) -> {
            if (kind == Kind.DESTROYED) removed.add(id);
        });
    }
}
