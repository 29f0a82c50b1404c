package org.posthorn.jmap.mail;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;
import org.posthorn.api.mailbox.Annotations;
import org.posthorn.api.mailbox.Listed;
import org.posthorn.api.mailbox.MailboxFault;
import org.posthorn.jmap.Reach;

/** What of a Mailbox is kept as its owner's annotations (RFC 5464), which go where it goes: its place among others, and what it is for. */
record MailboxNotes(Reach reach) {

    /** Where the sort order stands, in decimal. */
    private static final String ORDER = "/private/vendor/posthorn/sort-order";

    /** The sort order that its owner has set, RFC 8621 2; empty when he has set none, or something else stands there. */
    OptionalInt order(Listed mailbox) throws IOException {
        try {
            String said = annotations().of(mailbox).getOrDefault(ORDER, "");
            long order = said.matches("[0-9]{1,10}") ? Long.parseLong(said) : Long.MAX_VALUE;
            return order <= Integer.MAX_VALUE ? OptionalInt.of((int) order) : OptionalInt.empty();
        } catch (MailboxFault notKept) {
            return OptionalInt.empty();
        }
    }

    private Annotations annotations() throws IOException {
        return reach.store().annotations(reach.owner());
    }

    /** Adds to what is to be noted. @param order empty for the server's own */
    static void order(OptionalInt order, Map<String, Optional<String>> notes) {
        notes.put(ORDER, order.isPresent() ? Optional.of(Integer.toString(order.getAsInt())) : Optional.empty());
    }

    /** Notes it of a mailbox, forced. */
    void set(String mailbox, Map<String, Optional<String>> notes, Undoing undoing) throws IOException {
        if (notes.isEmpty()) return;
        SortedMap<String, String> before = annotations().of(mailbox);
        annotations().set(mailbox, notes);
        Map<String, Optional<String>> back = new HashMap<>();
        notes.keySet().forEach(entry -> back.put(entry, Optional.ofNullable(before.get(entry))));
        undoing.add(() -> annotations().set(mailbox, back));
    }

    /** The names of mailboxes that have got another place among others since. */
    Set<String> reordered(long since) throws IOException {
        try {
            return annotations().since(since).stream()
                    .filter(change -> change.entry().equals(ORDER))
                    .map(Annotations.Change::mailbox)
                    .collect(Collectors.toSet());
        } catch (MailboxFault notKept) {
            return Set.of();
        }
    }
}
