package org.posthorn.imap.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.posthorn.api.mailbox.Listed;
import org.posthorn.api.mailbox.Status;
import org.posthorn.imap.command.StatusOf.Item;

/**
 * What a client has been told of a name, or could have been.
 *
 * @param listed empty when there is nothing of that name, though it is subscribed to
 * @param status of a mailbox of which it wants to hear
 */
record Known(Optional<Listed> listed, boolean subscribed, Optional<Status> status) {

    boolean selectable() {
        return listed.filter(Listed::selectable).isPresent();
    }

    Known with(Status now) {
        return new Known(listed, subscribed, Optional.of(now));
    }

    /** What is told of a mailbox to begin with, RFC 5465 3.1. */
    static List<Item> first(Set<Event> wanted) {
        if (!wanted.contains(Event.MESSAGE_NEW)) return List.of();
        List<Item> items = new ArrayList<>(List.of(Item.UIDVALIDITY, Item.UIDNEXT, Item.MESSAGES));
        if (wanted.contains(Event.FLAG_CHANGE)) items.add(Item.HIGHESTMODSEQ);
        return items;
    }

    /** What is told of its messages now, RFC 5465 5.1 to 5.3; nothing when nothing has happened of what is wanted. @param modSeqs whether the client is told those */
    List<Item> news(Status now, Set<Event> wanted, boolean modSeqs) {
        if (!wanted.contains(Event.MESSAGE_NEW)) return List.of();
        boolean another =
                status.filter(s -> s.uidValidity() == now.uidValidity()).isEmpty();
        // An empty one that has come says nothing of messages.
        if (status.isEmpty() && now.messages() == 0) return List.of();
        Status before = status.orElse(now);
        boolean count = another || before.uidNext() != now.uidNext() || before.messages() != now.messages();
        boolean changed = wanted.contains(Event.FLAG_CHANGE) && before.highestModSeq() != now.highestModSeq();
        List<Item> items = new ArrayList<>();
        if (another || changed && modSeqs) items.add(Item.UIDVALIDITY);
        if (count) items.addAll(List.of(Item.UIDNEXT, Item.MESSAGES));
        if (changed && before.unseen() != now.unseen()) items.add(Item.UNSEEN);
        if (modSeqs && !items.isEmpty()) items.add(Item.HIGHESTMODSEQ);
        return items;
    }
}
