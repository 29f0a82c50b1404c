package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.Account;
import org.posthorn.api.mailbox.Listed;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.api.mailbox.Rights;
import org.posthorn.api.mailbox.SpecialUse;
import org.posthorn.jmap.Context;
import org.posthorn.jmap.Json;
import org.posthorn.jmap.MethodFault;
import org.posthorn.jmap.PrincipalsCapability;
import org.posthorn.jmap.Reach;
import org.posthorn.jmap.Refusal;
import org.posthorn.jmap.SetAnswer;
import org.posthorn.jmap.SetError;
import org.posthorn.jmap.Subscribed;

/** What one call of Mailbox/set does to each Mailbox. Each looks at them anew, since those before it have changed them. For one thread. */
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
        Optional<Folder> parent = parent(before, json.path("parentId"));
        mayCreate(before.reach(), parent);
        String path = inside(parent, name);
        if (before.account().mailbox(path).isPresent()) throw Refusal.of("name", "There is one of that name");
        boolean subscribed = flag(json.path("isSubscribed"));
        Optional<SpecialUse> use = use(before, json.path("role"));
        if (use.isPresent() && !before.reach().isOwn()) throw Refusal.of("role", "It is for one's own mailboxes");
        String id = whole(undoing -> {
            if (subscribed) subscribe(before.subscribed(), path, undoing);
            return made(before, path, use, json, undoing);
        });
        Folders after = folders();
        Folder made = after.find(id).orElseThrow(() -> new Refusal(SetError.NOT_FOUND));
        ObjectNode told = MailboxGet.telling(context).of(after, made);
        MailboxGet.COUNTS.forEach(count -> told.put(count, 0));
        json.properties().stream()
                .filter(p -> p.getValue().equals(told.get(p.getKey())))
                .forEach(p -> told.remove(p.getKey()));
        answer.created(context, creationId, told);
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

    void update(String id, ObjectNode patch) throws Refusal, IOException, MethodFault {
        Folders before = folders();
        Folder folder = found(before, id);
        ObjectNode kept = kept(folder, patch);
        String path = path(before, folder, patch);
        ShareWith.Change share = new ShareWith(before.reach()).changed(folder.path(), folder.rights(), patch);
        boolean renamed = !path.equals(folder.path());
        boolean subscribed = patch.has("isSubscribed") ? flag(patch.get("isSubscribed")) : folder.subscribed();
        if (renamed && folder.isInbox()) throw new Refusal(SetError.of("forbidden", "The inbox stays where it is"));
        if (renamed) mayRename(before, folder, path);
        if (renamed && before.account().mailbox(path).isPresent())
            throw Refusal.of("name", "There is one of that name");
        whole(undoing -> {
            if (renamed) rename(before, folder.path(), path, undoing);
            if (subscribed && !folder.subscribed()) subscribe(before.subscribed(), path, undoing);
            if (!subscribed && folder.subscribed()) unsubscribe(before.subscribed(), path, undoing);
            share.make(path, undoing);
            return path;
        });
        if (kept.isEmpty()) answer.updated(id);
        else answer.updated(id, kept);
    }

    /** What is done to one mailbox. */
    private interface Work {
        String done(Undoing undoing) throws Refusal, IOException;
    }

    /** All of it or nothing. */
    private static String whole(Work work) throws IOException, Refusal {
        Undoing undoing = new Undoing();
        try {
            return work.done(undoing);
        } catch (Refusal | IOException | RuntimeException fault) {
            undoing.all(fault);
            throw fault;
        }
    }

    /** In JMAP a subscription is the mailbox's; in IMAP it is the name's, and stays behind: RFC 3501 6.3.9. */
    private static void rename(Folders folders, String from, String to, Undoing undoing) throws IOException {
        Account account = folders.account();
        Subscribed subscribed = folders.subscribed();
        Set<String> names = subscribed.names();
        account.rename(from, to);
        undoing.add(() -> account.rename(to, from));
        for (String name : names)
            if (name.equals(from) || name.startsWith(from + ".")) {
                subscribe(subscribed, to + name.substring(from.length()), undoing);
                unsubscribe(subscribed, name, undoing);
            }
    }

    private static void subscribe(Subscribed subscribed, String name, Undoing undoing) throws IOException {
        subscribed.add(name);
        undoing.add(() -> subscribed.remove(name));
    }

    private static void unsubscribe(Subscribed subscribed, String name, Undoing undoing) throws IOException {
        subscribed.remove(name);
        undoing.add(() -> subscribed.add(name));
    }

    /** Below one that lets it, or at the top of one's own, RFC 4314 4. */
    private static void mayCreate(Reach reach, Optional<Folder> parent) throws Refusal {
        boolean may = parent.isPresent() ? parent.get().rights().has('k') : reach.isOwn();
        if (!may) throw new Refusal(SetError.FORBIDDEN);
    }

    /** What lies below goes along, and must be his to take: what he does not see as well. */
    private static void mayRename(Folders folders, Folder folder, String to) throws Refusal, IOException {
        Reach reach = folders.reach();
        for (Listed listed : folders.account().list())
            if (listed.name().equals(folder.path()) || listed.name().startsWith(folder.path() + "."))
                if (listed.selectable() && !reach.rights(listed.name()).has('x')) throw new Refusal(SetError.FORBIDDEN);
        if (!above(folders, to).map(rights -> rights.has('k')).orElse(reach.isOwn()))
            throw new Refusal(SetError.FORBIDDEN);
    }

    /** His rights in the nearest one above a name, whether he sees it or not. */
    private static Optional<Rights> above(Folders folders, String path) throws IOException {
        for (int dot = path.lastIndexOf('.'); dot > 0; dot = path.lastIndexOf('.', dot - 1)) {
            String level = path.substring(0, dot);
            if (folders.account().mailbox(level).isPresent())
                return Optional.of(folders.reach().rights(level));
        }
        return Optional.empty();
    }

    /** What the client would have otherwise and has to learn: a sort order is the server's. */
    private ObjectNode kept(Folder folder, ObjectNode patch) throws Refusal {
        ObjectNode now = MailboxGet.json(folder);
        ObjectNode kept = Json.NODES.objectNode();
        for (Map.Entry<String, JsonNode> property : patch.properties()) {
            String name = property.getKey();
            if (shares(name)) continue;
            boolean same = property.getValue().equals(now.get(name));
            if (!now.has(name) && !MailboxGet.COUNTS.contains(name))
                throw Refusal.of(name, "There is no such property");
            if (!same && (name.equals("role") || !SETTABLE.contains(name)))
                throw Refusal.of(name, "It cannot be changed");
            if (!same && name.equals("sortOrder")) kept.set(name, now.get(name));
        }
        return kept;
    }

    private String path(Folders before, Folder folder, ObjectNode patch) throws Refusal {
        boolean named = patch.has("name") && !patch.get("name").equals(Json.NODES.textNode(folder.name()));
        boolean moved =
                patch.has("parentId") && !patch.get("parentId").asText("").equals(folder.parent());
        if (!named && !moved) return folder.path();
        String name = named ? MailboxName.checked(patch.get("name")) : folder.name();
        Optional<Folder> parent =
                patch.has("parentId") ? parent(before, patch.get("parentId")) : before.find(folder.parent());
        if (parent.filter(p -> p.equals(folder) || p.path().startsWith(folder.path() + "."))
                .isPresent()) throw Refusal.of("parentId", "It would lie in itself");
        return inside(parent, name);
    }

    void destroy(String id, boolean withEmails) throws Refusal, IOException, MethodFault {
        Folders before = folders();
        Folder folder = found(before, id);
        if (folder.isInbox()) throw new Refusal(SetError.of("forbidden", "The inbox stays"));
        if (!folder.rights().has('x')) throw new Refusal(SetError.FORBIDDEN);
        if (!before.below(id).isEmpty()) throw new Refusal(SetError.of("mailboxHasChild", ""));
        Optional<Mailbox> mailbox = before.account().mailbox(folder.path());
        boolean empty = mailbox.isEmpty() || mailbox.get().status().messages() == 0;
        if (!empty && !withEmails) throw new Refusal(SetError.of("mailboxHasEmail", ""));
        before.account().delete(folder.path());
        if (folder.subscribed()) before.subscribed().remove(folder.path());
        answer.destroyed(id);
    }

    private static Folder found(Folders folders, String id) throws Refusal {
        return folders.find(id).orElseThrow(() -> new Refusal(SetError.NOT_FOUND));
    }

    private Optional<Folder> parent(Folders folders, JsonNode id) throws Refusal {
        if (id.isMissingNode() || id.isNull()) return Optional.empty();
        if (!id.isTextual()) throw Refusal.of("parentId", "It is an id or null");
        Optional<Folder> parent = folders.find(context.resolved(id.textValue()));
        if (parent.isEmpty()) throw Refusal.of("parentId", "There is no such mailbox");
        return parent;
    }

    private static String inside(Optional<Folder> parent, String name) {
        return parent.map(p -> p.path() + "." + name).orElse(name);
    }

    private static Optional<SpecialUse> use(Folders folders, JsonNode role) throws Refusal {
        if (role.isMissingNode() || role.isNull()) return Optional.empty();
        for (SpecialUse use : SpecialUse.values())
            if (Folder.role(use).equals(role.textValue())) {
                if (folders.all().stream().anyMatch(f -> f.role().equals(role.textValue())))
                    throw Refusal.of("role", "Another mailbox has it");
                return Optional.of(use);
            }
        throw Refusal.of("role", "No mailbox can be given it");
    }

    private static boolean flag(JsonNode value) throws Refusal {
        if (value.isMissingNode()) return false;
        if (!value.isBoolean()) throw Refusal.of("isSubscribed", "It is true or false");
        return value.booleanValue();
    }
}
