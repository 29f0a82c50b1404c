package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.MailboxFault;
import org.posthorn.api.mailbox.Threaded;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.jmap.Arguments;
import org.posthorn.jmap.Context;
import org.posthorn.jmap.GetRequest;
import org.posthorn.jmap.Json;
import org.posthorn.jmap.Method;
import org.posthorn.jmap.MethodError;
import org.posthorn.jmap.MethodFault;
import org.posthorn.jmap.PrincipalsCapability;

/** {@code Mailbox/get}, RFC 8621 2.1. */
final class MailboxGet implements Method {

    /** What changes with each message, RFC 8621 2.2. */
    static final List<String> COUNTS = List.of("totalEmails", "unreadEmails", "totalThreads", "unreadThreads");

    static final Set<String> PROPERTIES = properties();

    private static Set<String> properties() {
        Set<String> all = new TreeSet<>(COUNTS);
        all.addAll(List.of("id", "name", "parentId", "role", "sortOrder", "myRights", "isSubscribed"));
        return all;
    }

    @Override
    public ObjectNode call(Context context, Arguments arguments) throws MethodFault, IOException {
        GetRequest request = GetRequest.of(context, arguments, properties(context));
        arguments.end();
        Folders folders = Folders.of(context, request.account());
        GetRequest.Answer answer = request.answer(folders.state());
        if (request.ids().isEmpty() && folders.all().size() > context.limits().objectsInGet())
            throw new MethodFault(MethodError.REQUEST_TOO_LARGE);
        List<String> ids =
                request.ids().orElse(folders.all().stream().map(Folder::id).toList());
        Telling telling = telling(context);
        for (String id : ids) {
            Optional<ObjectNode> told = told(folders, id, request, telling);
            if (told.isPresent()) answer.list().add(told.get());
            else answer.notFound().add(id);
        }
        return answer.json();
    }

    /** What a client is told of a Mailbox, but for what is counted. */
    interface Telling {
        ObjectNode of(Folders folders, Folder folder) throws IOException;
    }

    /** As the request asks for them. */
    static Telling telling(Context context) {
        return context.uses(PrincipalsCapability.URI) ? MailboxGet::shared : MailboxGet::plain;
    }

    /** Empty when it is gone, also in this moment. */
    private static Optional<ObjectNode> told(Folders folders, String id, GetRequest request, Telling telling)
            throws IOException {
        Optional<Folder> folder = folders.find(id);
        if (folder.isEmpty()) return Optional.empty();
        ObjectNode json = telling.of(folders, folder.get());
        try {
            if (COUNTS.stream().anyMatch(count -> request.wants(count, true))) count(folders, folder.get(), json);
        } catch (MailboxFault gone) {
            if (gone.kind() != MailboxFault.Kind.NONEXISTENT) throw gone;
            return Optional.empty();
        }
        request.properties().ifPresent(json::retain);
        return Optional.of(json);
    }

    /** Of what one may not read there is nothing to count. */
    private static List<Threaded> messages(Folders folders, Folder folder) throws IOException {
        return folder.mayRead() ? folders.emails().mailbox(folder.path(), UidSet.ALL) : List.of();
    }

    private static Set<String> properties(Context context) {
        if (!context.uses(PrincipalsCapability.URI)) return PROPERTIES;
        Set<String> all = new TreeSet<>(PROPERTIES);
        all.add(ShareWith.NAME);
        return all;
    }

    private static ObjectNode plain(Folders folders, Folder folder) {
        return json(folder);
    }

    /** With whom it is shared is told to who knows of Principals, RFC 9670 4. */
    private static ObjectNode shared(Folders folders, Folder folder) throws IOException {
        ObjectNode json = json(folder);
        json.set("myRights", MailboxRights.mine(folder.toldRights()));
        json.set(ShareWith.NAME, new ShareWith(folders.reach()).json(folder.path(), folder.rights()));
        return json;
    }

    /** All but what is counted. */
    static ObjectNode json(Folder folder) {
        ObjectNode json = Json.NODES.objectNode().put("id", folder.id()).put("name", folder.name());
        json.put("parentId", folder.parent().isEmpty() ? null : folder.parent());
        json.put("role", folder.role().isEmpty() ? null : folder.role());
        json.put("sortOrder", folder.sortOrder());
        json.put("isSubscribed", folder.subscribed());
        json.set("myRights", MailboxRights.of(folder.toldRights()));
        return json;
    }

    /** Adds what is counted. */
    static void count(Folders folders, Folder folder, ObjectNode json) throws IOException {
        count(messages(folders, folder), json);
    }

    /** What is deleted is not there, RFC 8621 4.1.1; drafts are not unread, RFC 8621 2; a thread is when one of its emails here is. */
    private static void count(List<Threaded> messages, ObjectNode json) {
        Set<Long> emails = new HashSet<>();
        Set<Long> unread = new HashSet<>();
        Set<Long> threads = new HashSet<>();
        Set<Long> unreadThreads = new HashSet<>();
        for (Threaded message : messages) {
            if (message.entry().flags().has(Flags.DELETED)) continue;
            emails.add(message.entry().emailId());
            threads.add(message.thread());
            if ((message.entry().flags().system() & (Flags.SEEN | Flags.DRAFT)) != 0) continue;
            unread.add(message.entry().emailId());
            unreadThreads.add(message.thread());
        }
        json.put("totalEmails", emails.size()).put("unreadEmails", unread.size());
        json.put("totalThreads", threads.size()).put("unreadThreads", unreadThreads.size());
    }
}
