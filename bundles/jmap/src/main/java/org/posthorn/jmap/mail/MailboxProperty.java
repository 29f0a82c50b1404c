package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import org.posthorn.api.mailbox.SpecialUse;
import org.posthorn.jmap.Context;
import org.posthorn.jmap.Refusal;

/** What a client may set of a Mailbox, RFC 8621 2, by its type; where there may be null, nothing is as good. */
final class MailboxProperty {

    private MailboxProperty() {}

    static Optional<Folder> parent(Context context, Folders folders, JsonNode id) throws Refusal {
        if (isNothing(id)) return Optional.empty();
        if (!id.isTextual()) throw Refusal.of("parentId", "It is an id or null");
        Optional<Folder> parent = folders.find(context.resolved(id.textValue()));
        if (parent.isEmpty()) throw Refusal.of("parentId", "There is no such mailbox");
        return parent;
    }

    private static boolean isNothing(JsonNode value) {
        return value.isMissingNode() || value.isNull();
    }

    /** The full name of one of that name. */
    static String inside(Optional<Folder> parent, String name) {
        return parent.map(p -> p.path() + "." + name).orElse(name);
    }

    /** What is for nothing has no role. */
    static Optional<SpecialUse> use(JsonNode role) throws Refusal {
        if (isNothing(role)) return Optional.empty();
        Optional<SpecialUse> use = Arrays.stream(SpecialUse.values())
                .filter(u -> Folder.role(u).equals(role.textValue()))
                .findFirst();
        if (use.isEmpty()) throw Refusal.of("role", "No mailbox can be given it");
        return use;
    }

    /** Empty for the server's own. */
    static OptionalInt order(JsonNode order) throws Refusal {
        if (isNothing(order)) return OptionalInt.empty();
        double number = order.doubleValue();
        if (!order.isNumber() || number != Math.rint(number) || number < 0 || number > Integer.MAX_VALUE)
            throw Refusal.of("sortOrder", "It is an integer from 0 to " + Integer.MAX_VALUE);
        return OptionalInt.of((int) number);
    }

    static boolean flag(JsonNode subscribed) throws Refusal {
        if (!subscribed.isBoolean()) throw Refusal.of("isSubscribed", "It is true or false");
        return subscribed.booleanValue();
    }
}
