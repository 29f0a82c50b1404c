package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.Annotations;
import org.posthorn.jmap.Attempts;
import org.posthorn.jmap.Context;
import org.posthorn.jmap.MethodFault;
import org.posthorn.jmap.Refusal;
import org.posthorn.jmap.SetAnswer;
import org.posthorn.jmap.SetError;

/**
 * The updates of one Mailbox/set. What counts is how all are at its end (RFC 8620 5.3): one that is to have the name or the role of another waits until that has given it up, and those that wait for each
 * other are changed together, all of them or none, whatever becomes of those that wait for them or have nothing to do with them. For one thread.
 */
final class MailboxUpdates {

    /** What says which name and role one is to have. */
    private static final List<String> PLACE = List.of("name", "parentId", "role");

    private record Update(String id, ObjectNode patch) {}

    private final Context context;
    private final Address owner;
    private final SetAnswer answer;
    private final Attempts attempts;
    private Folders folders;
    private boolean changed;

    MailboxUpdates(Context context, Address owner, SetAnswer answer, Attempts attempts) {
        this.context = context;
        this.owner = owner;
        this.answer = answer;
        this.attempts = attempts;
    }

    /** @param patches by id */
    void all(Map<String, ObjectNode> patches) throws IOException, MethodFault {
        if (patches.isEmpty()) return;
        look();
        Deque<Update> waiting = new ArrayDeque<>();
        patches.forEach((id, patch) -> waiting.add(new Update(id, patch)));
        for (int inRow = 0; !waiting.isEmpty(); ) {
            if (inRow == waiting.size()) {
                for (List<Update> circle : circles(waiting)) {
                    waiting.removeAll(circle);
                    make(circle);
                }
                inRow = 0;
                continue;
            }
            Update next = waiting.remove();
            boolean waits = !before(next, waiting).isEmpty();
            inRow = waits ? inRow + 1 : 0;
            if (waits) waiting.add(next);
            else make(List.of(next));
        }
    }

    private List<List<Update>> circles(Collection<Update> waiting) throws IOException {
        Map<String, Update> byId = new LinkedHashMap<>();
        waiting.forEach(update -> byId.put(update.id(), update));
        Map<String, List<String>> waits = new LinkedHashMap<>();
        for (Update update : waiting) waits.put(update.id(), before(update, waiting));
        return Circles.of(waits).stream()
                .map(circle -> circle.stream().map(byId::get).toList())
                .toList();
    }

    private void look() throws IOException, MethodFault {
        folders = Folders.of(context, owner);
        changed = false;
    }

    /** The ids of those of the others that are to be changed before it. */
    private List<String> before(Update update, Collection<Update> others) throws IOException {
        Optional<Folder> folder = folders.find(update.id());
        if (folder.isEmpty()) return List.of();
        Predicate<Folder> first = first(folder.get(), update);
        return others.stream()
                .map(Update::id)
                .filter(id -> folders.find(id).filter(first).isPresent())
                .toList();
    }

    private Predicate<Folder> first(Folder folder, Update update) throws IOException {
        ObjectNode patch = update.patch().deepCopy().retain(PLACE);
        try {
            return MailboxPatch.of(context, folders, folder, patch)::collides;
        } catch (Refusal refusal) {
            // Unless that goes with those that wait it is met again, and told, when this one has its turn.
            Optional<Folder> parent =
                    folders.find(context.resolved(patch.path("parentId").asText()));
            return other -> other.isBelow(folder)
                    && parent.filter(p -> p.equals(other) || p.isBelow(other)).isPresent();
        }
    }

    private void make(List<Update> updates) throws IOException, MethodFault {
        attempts.make(updates.get(0).id(), () -> tell(Undoing.whole(undoing -> made(updates, undoing))), error -> {
            for (Update update : updates) answer.notUpdated(update.id(), error);
        });
        if (changed || updates.size() > 1) look();
    }

    private void tell(Map<String, ObjectNode> made) {
        made.forEach((id, told) -> {
            if (told.isEmpty()) answer.updated(id);
            else answer.updated(id, told);
        });
    }

    /** @return what becomes otherwise than the client asked for, by id */
    private Map<String, ObjectNode> made(List<Update> updates, Undoing undoing)
            throws Refusal, IOException, MethodFault {
        List<Update> aside = updates.size() == 1 ? updates : putAside(updates, undoing);
        Map<String, ObjectNode> told = new LinkedHashMap<>();
        for (Update update : aside) {
            MailboxPatch patch = patch(update);
            changed |= patch.changes();
            patch.make(folders, undoing);
            told.put(update.id(), patch.told());
            if (updates.size() > 1) look();
        }
        return told;
    }

    private MailboxPatch patch(Update update) throws Refusal, IOException {
        Folder folder = folders.find(update.id()).orElseThrow(() -> new Refusal(SetError.NOT_FOUND));
        return MailboxPatch.of(context, folders, folder, update.patch());
    }

    /** What is to lie in what lies in it must wait until that is aside. */
    private List<Update> putAside(List<Update> updates, Undoing undoing) throws Refusal, IOException, MethodFault {
        List<Update> aside = new ArrayList<>();
        Deque<Update> open = new ArrayDeque<>(updates);
        for (int inRow = 0; !open.isEmpty(); ) {
            Update next = open.remove();
            try {
                aside.add(putAside(next, undoing));
                inRow = 0;
            } catch (Refusal refusal) {
                if (++inRow > open.size()) throw refusal;
                open.add(next);
            }
        }
        return aside;
    }

    /** It is called by its id, at the top, and is for nothing, until it gets what it is to have. @return with the place that it had, if it keeps that */
    private Update putAside(Update update, Undoing undoing) throws Refusal, IOException, MethodFault {
        MailboxPatch patch = patch(update);
        Folder folder = patch.folder();
        MailboxTree tree = new MailboxTree(folders);
        String aside = folder.id();
        if (patch.isRename()) {
            tree.mayRename(folder, patch.path());
            tree.rename(folder.path(), aside, undoing);
        }
        if (patch.isOfUse())
            new MailboxNotes(folders.reach())
                    .set(
                            patch.isRename() ? aside : folder.path(),
                            Map.of(Annotations.SPECIAL_USE, Optional.empty()),
                            undoing);
        look();
        ObjectNode placed = update.patch().deepCopy();
        if (!placed.has("name")) placed.put("name", folder.name());
        if (!placed.has("parentId")) placed.put("parentId", folder.parent().isEmpty() ? null : folder.parent());
        return new Update(update.id(), placed);
    }
}
