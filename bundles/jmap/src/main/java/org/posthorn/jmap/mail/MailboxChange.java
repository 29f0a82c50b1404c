package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.api.mailbox.SpecialUse;
import org.posthorn.jmap.Context;
import org.posthorn.jmap.Json;
import org.posthorn.jmap.MethodFault;
import org.posthorn.jmap.PrincipalsCapability;
import org.posthorn.jmap.Reach;
import org.posthorn.jmap.Refusal;
import org.posthorn.jmap.SetAnswer;
import org.posthorn.jmap.SetError;

/** What one call of Mailbox/set makes and takes away. Each looks at the Mailboxes anew, since those before it have changed them. For one thread. */
record MailboxChange(Context context, Address owner, SetAnswer answer) {

    private static final Set<String> SETTABLE = Set.of("name", "parentId", "role", "sortOrder", "isSubscribed");

    Folders folders() throws IOException, MethodFault {
        return Folders.of(context, owner);
    }

    void create(String creationId, ObjectNode json) throws Refusal, IOException, MethodFault {
        for (Map.Entry<String, JsonNode> property : json.properties())
            if (!SETTABLE.contains(property.getKey()) && !shares(property.getKey()))
                throw Refusal.of(property.getKey(), "The server sets it");
        Folders before = folders();
        String name = MailboxName.checked(json.path("name"));
        Optional<Folder> parent = MailboxProperty.parent(context, before, json.path("parentId"));
        MailboxTree tree = new MailboxTree(before);
        tree.mayCreate(parent);
        String path = MailboxProperty.inside(parent, name);
        if (before.account().mailbox(path).isPresent()) throw Refusal.of("name", "There is one of that name");
        boolean subscribed = subscribed(before, json);
        Map<String, Optional<String>> notes = notes(before, json);
        Optional<SpecialUse> use = use(before, json);
        String id = Undoing.whole(undoing -> {
            if (subscribed) tree.subscribe(path, undoing);
            String made = made(before, path, use, json, undoing);
            new MailboxNotes(before.reach()).set(path, notes, undoing);
            // Last: who is subscribed to the one above it has become so to this one, and what had that name may have
            // been, too.
            if (json.has("isSubscribed") && !subscribed) before.subscribed().remove(path);
            return made;
        });
        Folders after = folders();
        Folder made = after.find(id).orElseThrow(() -> new Refusal(SetError.NOT_FOUND));
        answer.created(context, creationId, told(after, made, json));
    }

    /** RFC 8621 2: to what a user makes for himself he is subscribed. */
    private static boolean subscribed(Folders folders, ObjectNode json) throws Refusal {
        JsonNode subscribed = json.path("isSubscribed");
        return subscribed.isMissingNode() ? folders.reach().isOwn() : MailboxProperty.flag(subscribed);
    }

    private static Map<String, Optional<String>> notes(Folders folders, ObjectNode json) throws Refusal {
        Map<String, Optional<String>> notes = new HashMap<>();
        OptionalInt order = MailboxProperty.order(json.path("sortOrder"));
        if (order.isPresent() && !folders.reach().isOwn()) throw Refusal.of("sortOrder", MailboxPatch.OWN);
        if (order.isPresent()) MailboxNotes.order(order, notes);
        return notes;
    }

    private static Optional<SpecialUse> use(Folders folders, ObjectNode json) throws Refusal {
        Optional<SpecialUse> use = MailboxProperty.use(json.path("role"));
        if (use.isPresent() && !folders.reach().isOwn()) throw Refusal.of("role", MailboxPatch.OWN);
        if (use.isPresent() && folders.all().stream().anyMatch(f -> f.use().equals(use)))
            throw Refusal.of("role", "Another mailbox has it");
        return use;
    }

    private ObjectNode told(Folders folders, Folder made, ObjectNode json) throws IOException {
        ObjectNode told = MailboxGet.telling(context).of(folders, made);
        MailboxGet.COUNTS.forEach(count -> told.put(count, 0));
        json.properties().stream()
                .filter(p -> p.getValue().equals(EmailUpdate.NUMBERS, told.path(p.getKey())))
                .forEach(p -> told.remove(p.getKey()));
        return told;
    }

    private boolean shares(String property) {
        return ShareWith.isIn(property) && context.uses(PrincipalsCapability.URI);
    }

    /** Its list begins as that of the one above it, RFC 4314 4. */
    private static String made(Folders folders, String path, Optional<SpecialUse> use, ObjectNode json, Undoing undoing)
            throws Refusal, IOException {
        Reach reach = folders.reach();
        String id = folders.account().create(path, use);
        undoing.add(() -> folders.account().delete(path));
        new ShareWith(reach).changed(path, reach.rights(path), json).make(path, undoing);
        return id;
    }

    void destroy(String id, boolean withEmails) throws Refusal, IOException, MethodFault {
        Folders before = folders();
        Folder folder = before.find(id).orElseThrow(() -> new Refusal(SetError.NOT_FOUND));
        if (folder.isInbox()) throw new Refusal(SetError.of("forbidden", "The inbox stays"));
        if (!folder.rights().has('x')) throw new Refusal(SetError.FORBIDDEN);
        if (!before.below(id).isEmpty()) throw new Refusal(SetError.of("mailboxHasChild", ""));
        if (!withEmails && hasEmail(before, folder)) throw new Refusal(SetError.of("mailboxHasEmail", ""));
        before.account().delete(folder.path());
        if (folder.subscribed()) before.subscribed().remove(folder.path());
        answer.destroyed(id);
    }

    /** What has {@code \Deleted} is not there, RFC 8621 4.1.1; where he may not read nobody shows him what is. */
    private static boolean hasEmail(Folders folders, Folder folder) throws IOException {
        Optional<Mailbox> mailbox = folders.account().mailbox(folder.path());
        if (mailbox.isEmpty() || mailbox.get().status().messages() == 0) return false;
        ObjectNode counts = Json.NODES.objectNode();
        MailboxGet.count(folders, folder, counts);
        return !folder.mayRead() || counts.path("totalEmails").intValue() > 0;
    }
}
