package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.posthorn.api.mailbox.Annotations;
import org.posthorn.api.mailbox.SpecialUse;
import org.posthorn.jmap.Context;
import org.posthorn.jmap.Json;
import org.posthorn.jmap.Patch;
import org.posthorn.jmap.PrincipalsCapability;
import org.posthorn.jmap.Refusal;
import org.posthorn.jmap.SetError;

/**
 * What a patch makes of a Mailbox, RFC 8620 5.3 and RFC 8621 2. Whether another one is in its way is seen when it is made.
 *
 * @param folder as it is
 * @param path full name that it is to have
 * @param use what it is to be for
 * @param order its place among others; empty for the server's own
 * @param told what becomes otherwise than the client asked for
 */
record MailboxPatch(
        Folder folder,
        String path,
        Optional<SpecialUse> use,
        OptionalInt order,
        boolean subscribed,
        ShareWith.Change share,
        ObjectNode told) {

    /** Why somebody else cannot set what is the owner's. */
    static final String OWN = "It is for one's own mailboxes";

    private static final Set<String> SETTABLE = Set.of("name", "parentId", "role", "sortOrder", "isSubscribed");

    static MailboxPatch of(Context context, Folders folders, Folder folder, ObjectNode patch)
            throws Refusal, IOException {
        ObjectNode now = now(context, folders, folder, patch);
        ObjectNode rest = patch.deepCopy();
        if (context.uses(PrincipalsCapability.URI))
            patch.properties().stream()
                    .map(Map.Entry::getKey)
                    .filter(ShareWith::isIn)
                    .forEach(rest::remove);
        ObjectNode then = Patch.applied(now, rest)
                .orElseThrow(() -> new Refusal(SetError.invalidPatch("Two paths meet, or one leads nowhere")));
        check(folders, folder, now, then);
        ObjectNode told = Json.NODES.objectNode();
        String path = path(context, folders, folder, now, then);
        String name = path.substring(path.lastIndexOf('.') + 1);
        if (differs(now, then, "name") && !name.equals(then.path("name").textValue())) told.put("name", name);
        OptionalInt order = folder.order();
        if (differs(now, then, "sortOrder")) order = MailboxProperty.order(then.path("sortOrder"));
        Optional<SpecialUse> use = folder.use();
        if (differs(now, then, "role")) use = MailboxProperty.use(then.path("role"));
        int place = folder.with(use, order).sortOrder();
        if (then.path("sortOrder").asLong(-1) != place) told.put("sortOrder", place);
        boolean subscribed = MailboxProperty.flag(then.path("isSubscribed"));
        // Who does not know of it has said nothing about it.
        ShareWith.Change share = context.uses(PrincipalsCapability.URI)
                ? new ShareWith(folders.reach()).changed(folder.path(), folder.rights(), patch)
                : ShareWith.NOTHING;
        return new MailboxPatch(folder, path, use, order, subscribed, share, told);
    }

    /** The whole of it, as a client that asks for it would be told; with its counts if the patch has some. */
    private static ObjectNode now(Context context, Folders folders, Folder folder, ObjectNode patch)
            throws IOException {
        ObjectNode now = MailboxGet.json(folder);
        if (context.uses(PrincipalsCapability.URI)) now.set("myRights", MailboxRights.mine(folder.toldRights()));
        boolean counted = patch.properties().stream().anyMatch(p -> MailboxGet.COUNTS.contains(p.getKey()));
        if (counted) MailboxGet.count(folders, folder, now);
        return now;
    }

    /** What a client cannot change may be said once more, RFC 8620 5.3. */
    private static void check(Folders folders, Folder folder, ObjectNode now, ObjectNode then) throws Refusal {
        Set<String> all = new TreeSet<>();
        now.fieldNames().forEachRemaining(all::add);
        then.fieldNames().forEachRemaining(all::add);
        for (String property : all) {
            if (!differs(now, then, property)) continue;
            if (!now.has(property)) throw Refusal.of(property, "There is no such property");
            if (!SETTABLE.contains(property)) throw Refusal.of(property, "It cannot be changed");
            boolean owners = property.equals("role") || property.equals("sortOrder");
            if (owners && !folders.reach().isOwn()) throw Refusal.of(property, OWN);
        }
        if (folder.isInbox() && differs(now, then, "role")) throw Refusal.of("role", "The inbox stays what it is");
    }

    /** What is not there is null. */
    private static boolean differs(ObjectNode now, ObjectNode then, String property) {
        return !orNull(now, property).equals(EmailUpdate.NUMBERS, orNull(then, property));
    }

    private static JsonNode orNull(ObjectNode json, String property) {
        return Optional.ofNullable(json.get(property)).orElse(Json.NODES.nullNode());
    }

    private static String path(Context context, Folders folders, Folder folder, ObjectNode now, ObjectNode then)
            throws Refusal {
        boolean named = differs(now, then, "name");
        boolean moved = differs(now, then, "parentId");
        if (!named && !moved) return folder.path();
        String name = named ? MailboxName.checked(then.path("name")) : folder.name();
        Optional<Folder> parent =
                moved ? MailboxProperty.parent(context, folders, then.path("parentId")) : folders.find(folder.parent());
        if (parent.filter(p -> p.equals(folder) || p.isBelow(folder)).isPresent())
            throw Refusal.of("parentId", "It would lie in itself");
        String path = MailboxProperty.inside(parent, name);
        if (folder.isInbox() && !path.equals(folder.path()))
            throw new Refusal(SetError.of("forbidden", "The inbox stays where it is"));
        return path;
    }

    boolean isRename() {
        return !path.equals(folder.path());
    }

    /** Whether anything becomes otherwise. */
    boolean changes() {
        return isRename()
                || isOfUse()
                || subscribed != folder.subscribed()
                || !order.equals(folder.order())
                || share != ShareWith.NOTHING;
    }

    boolean isOfUse() {
        return !use.equals(folder.use());
    }

    /** Whether that other one has the name, or the role, that this is to have. */
    boolean collides(Folder other) {
        if (other.id().equals(folder.id())) return false;
        return isRename() && other.path().equals(path)
                || isOfUse() && use.isPresent() && other.use().equals(use);
    }

    /** Makes it so. @param folders as they are now */
    void make(Folders folders, Undoing undoing) throws Refusal, IOException {
        if (isOfUse()
                && folders.all().stream()
                        .anyMatch(f -> use.isPresent() && isOther(f) && f.use().equals(use)))
            throw Refusal.of("role", "Another mailbox has it");
        if (isRename()) rename(folders, undoing);
        MailboxTree tree = new MailboxTree(folders);
        if (subscribed && !folder.subscribed()) tree.subscribe(path, undoing);
        if (!subscribed && folder.subscribed()) tree.unsubscribe(path, undoing);
        Map<String, Optional<String>> notes = new HashMap<>();
        if (isOfUse()) notes.put(Annotations.SPECIAL_USE, use.map(u -> "\\" + u.mailbox()));
        if (!order.equals(folder.order())) MailboxNotes.order(order, notes);
        new MailboxNotes(folders.reach()).set(path, notes, undoing);
        share.make(path, undoing);
    }

    private boolean isOther(Folder other) {
        return !other.id().equals(folder.id());
    }

    private void rename(Folders folders, Undoing undoing) throws Refusal, IOException {
        MailboxTree tree = new MailboxTree(folders);
        tree.mayRename(folder, path);
        if (folders.account().mailbox(path).isPresent()) throw Refusal.of("name", "There is one of that name");
        tree.rename(folder.path(), path, undoing);
    }
}
