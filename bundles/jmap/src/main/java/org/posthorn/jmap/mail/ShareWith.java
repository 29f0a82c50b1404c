package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.Access;
import org.posthorn.api.mailbox.AccessList;
import org.posthorn.api.mailbox.Rights;
import org.posthorn.jmap.Json;
import org.posthorn.jmap.Patch;
import org.posthorn.jmap.Principal;
import org.posthorn.jmap.Reach;
import org.posthorn.jmap.Refusal;
import org.posthorn.jmap.SetError;

/**
 * The property {@code shareWith} of a Mailbox, RFC 9670 4: what others than its owner have there by its list, RFC 4314. Entries that take something from somebody are not told, and stay.
 */
record ShareWith(Reach reach) {

    static final String NAME = "shareWith";

    /** Whether a path of a patch is about it. */
    static boolean isIn(String path) {
        return path.equals(NAME) || path.startsWith(NAME + "/");
    }

    /** MailboxRights by the Principal's id; null when there are none, or he may not know. */
    JsonNode json(String mailbox, Rights mine) throws IOException {
        if (!mine.has('a')) return Json.NODES.nullNode();
        ObjectNode all = Json.NODES.objectNode();
        entries(mailbox).forEach((principal, rights) -> all.set(principal.id(), MailboxRights.withShare(rights)));
        return all.isEmpty() ? Json.NODES.nullNode() : all;
    }

    private Map<Principal, Rights> entries(String mailbox) throws IOException {
        Map<Principal, Rights> told = new LinkedHashMap<>();
        reach.store().access(reach.owner()).of(mailbox).entries().forEach((identifier, rights) -> {
            Principal principal = new Principal(identifier);
            boolean gives = identifier.charAt(0) != AccessList.NEGATIVE && principal.isSayable();
            if (gives && !isOwner(principal)) told.put(principal, rights);
        });
        return told;
    }

    private boolean isOwner(Principal principal) {
        return AccessList.names(principal.identifier(), reach.owner());
    }

    /** What is to be changed of a mailbox's list. */
    interface Change {
        void make(String mailbox, Undoing undoing) throws IOException;
    }

    static final Change NOTHING = (mailbox, undoing) -> {};

    /** Reads what of a patch is about it. @param mailbox as it is called now */
    Change changed(String mailbox, Rights mine, ObjectNode patch) throws Refusal, IOException {
        ObjectNode changes = patch.deepCopy();
        changes.retain(patch.properties().stream()
                .map(Map.Entry::getKey)
                .filter(ShareWith::isIn)
                .toList());
        if (changes.isEmpty()) return NOTHING;
        if (!mine.has('a')) {
            // As it is told him: what one cannot change may be said once more, RFC 8620 5.3.
            if (changes.size() == 1 && changes.path(NAME).isNull()) return NOTHING;
            throw new Refusal(SetError.FORBIDDEN);
        }
        Map<Principal, Rights> before = entries(mailbox);
        ObjectNode now = Json.NODES.objectNode();
        ObjectNode told = now.putObject(NAME);
        before.forEach((principal, rights) -> told.set(principal.id(), MailboxRights.withShare(rights)));
        ObjectNode then = Patch.applied(now, changes)
                .orElseThrow(() -> new Refusal(SetError.invalidPatch("Two paths meet, or one leads nowhere")));
        Map<Principal, Rights> after = read(then.path(NAME), before);
        return (name, undoing) -> make(name, before, after, undoing);
    }

    private Map<Principal, Rights> read(JsonNode json, Map<Principal, Rights> before) throws Refusal, IOException {
        Map<Principal, Rights> after = new LinkedHashMap<>();
        if (!json.isObject() && !json.isMissingNode()) throw wrong("It is an object or null");
        for (Map.Entry<String, JsonNode> one : json.properties()) {
            Principal principal =
                    Principal.of(one.getKey()).orElseThrow(() -> wrong("There is no Principal " + one.getKey()));
            if (isOwner(principal)) throw wrong("What is the owner's is not shared with him");
            Rights had = before.get(principal);
            if (had == null && !isHere(principal)) throw wrong("There is no Principal " + one.getKey());
            after.put(principal, MailboxRights.read(one.getValue(), had == null ? Rights.NONE : had));
        }
        return after;
    }

    private boolean isHere(Principal principal) throws IOException {
        Optional<Address> address = principal.address();
        return principal.isEveryone() || address.isPresent() && reach.store().exists(address.get());
    }

    static Refusal wrong(String why) {
        return Refusal.of(NAME, why);
    }

    private void make(String mailbox, Map<Principal, Rights> before, Map<Principal, Rights> after, Undoing undoing)
            throws IOException {
        Access access = reach.store().access(reach.owner()).by(reach.user());
        Set<String> all = new TreeSet<>();
        before.keySet().forEach(principal -> all.add(principal.identifier()));
        after.keySet().forEach(principal -> all.add(principal.identifier()));
        for (String identifier : all) {
            Optional<Rights> was = Optional.ofNullable(before.get(new Principal(identifier)));
            Optional<Rights> is = Optional.ofNullable(after.get(new Principal(identifier)));
            if (was.equals(is)) continue;
            access.change(mailbox, identifier, had -> changed(had, was, is));
            undoing.add(() -> access.change(mailbox, identifier, had -> changed(had, is, was)));
        }
    }

    /** What is there in this moment with what one wants otherwise: somebody else may have changed the rest. */
    private static Optional<Rights> changed(Optional<Rights> had, Optional<Rights> was, Optional<Rights> is) {
        Rights before = was.orElse(Rights.NONE);
        Rights after = is.orElse(Rights.NONE);
        Rights now = had.orElse(Rights.NONE).without(before.without(after)).with(after.without(before));
        return is.isEmpty() && now.equals(Rights.NONE) ? Optional.empty() : Optional.of(now);
    }
}
