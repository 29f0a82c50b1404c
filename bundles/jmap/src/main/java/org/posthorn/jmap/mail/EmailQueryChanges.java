package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.posthorn.api.mailbox.Email;
import org.posthorn.api.mailbox.IdChanges;
import org.posthorn.api.mailbox.ObjectId;
import org.posthorn.jmap.Arguments;
import org.posthorn.jmap.Context;
import org.posthorn.jmap.Id;
import org.posthorn.jmap.Json;
import org.posthorn.jmap.Method;
import org.posthorn.jmap.MethodError;
import org.posthorn.jmap.MethodFault;
import org.posthorn.jmap.QueryChangesRequest;

/**
 * {@code Email/queryChanges}, RFC 8621 4.5: what has changed is taken out and put in again where it is now. All else stands in the order in which it stood, as whether an
 * Email is found, and where, depends on it alone and on its thread.
 */
record EmailQueryChanges(Digests digests, Snoozes snoozes) implements Method {

    @Override
    public ObjectNode call(Context context, Arguments arguments) throws MethodFault, IOException {
        QueryChangesRequest request = QueryChangesRequest.of(context, arguments);
        boolean collapse = arguments.bool("collapseThreads", false);
        arguments.end();
        EmailSearch search = EmailSearch.of(request.filter(), request.sort(), collapse);
        Function<Email, Instant> times = snoozes.times(context.reach(request.account()), request.sort());
        // To search messages once more costs as much as to do so from the start.
        if (!search.isCheap()) throw new MethodFault(MethodError.CANNOT_CALCULATE_CHANGES);
        MailView mail = MailView.of(context, request.account(), digests);
        long since = mail.since(request.sinceQueryState());
        String state = mail.state();
        List<Email> found = search.emails(mail, times);
        // Asked for behind it: what changes meanwhile is taken out and put in where it was found.
        Set<Long> changed = changed(mail, search, since);
        return answer(request, state, changed, found, search.isFixed());
    }

    /** The numbers of those that may stand elsewhere now. */
    private static Set<Long> changed(MailView mail, EmailSearch search, long since) throws MethodFault, IOException {
        IdChanges changes = mail.emails().changes(since).orElseThrow(EmailQueryChanges::unknown);
        Set<Long> changed = new LinkedHashSet<>();
        Stream.of(changes.destroyed(), changes.updated(), changes.created())
                .flatMap(List::stream)
                .forEach(c -> changed.add(c.number()));
        if (!search.isOfThread()) return changed;
        IdChanges threads = mail.emails().threadChanges(since).orElseThrow(EmailQueryChanges::unknown);
        Set<Long> ofThreads = new HashSet<>();
        threads.updated().forEach(c -> ofThreads.add(c.number()));
        mail.emails().emails(changed).forEach(email -> ofThreads.add(email.thread()));
        for (Email email : mail.all()) if (ofThreads.contains(email.thread())) changed.add(email.number());
        return changed;
    }

    private static MethodFault unknown() {
        return new MethodFault(MethodError.CANNOT_CALCULATE_CHANGES);
    }

    private static ObjectNode answer(
            QueryChangesRequest request, String state, Set<Long> changed, List<Email> found, boolean fixed)
            throws MethodFault {
        int known = fixed ? known(request, changed, found) : found.size();
        ArrayNode removed = Json.NODES.arrayNode();
        changed.forEach(number -> removed.add(ObjectId.email(number)));
        ArrayNode added = Json.NODES.arrayNode();
        for (int i = 0; i < known; i++)
            if (changed.contains(found.get(i).number()))
                added.addObject().put("id", Metadata.id(found.get(i))).put("index", i);
        if (removed.size() + added.size() > request.maxChanges().orElse(Long.MAX_VALUE))
            throw new MethodFault(MethodError.TOO_MANY_CHANGES);
        ObjectNode json = Json.NODES.objectNode();
        json.put("accountId", Id.account(request.account()));
        json.put("oldQueryState", request.sinceQueryState()).put("newQueryState", state);
        if (request.calculateTotal()) json.put("total", found.size());
        json.set("removed", removed);
        json.set("added", added);
        return json;
    }

    /** How many of those found the client is told of: none behind the last one that it knows, if that has not moved. */
    private static int known(QueryChangesRequest request, Set<Long> changed, List<Email> found) {
        for (int i = 0; i < found.size() && request.upToId().isPresent(); i++) {
            Email email = found.get(i);
            if (Metadata.id(email).equals(request.upToId().get()))
                return changed.contains(email.number()) ? found.size() : i + 1;
        }
        return found.size();
    }
}
