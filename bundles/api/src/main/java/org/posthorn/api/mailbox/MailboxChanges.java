package org.posthorn.api.mailbox;

import java.util.List;

/**
 * What became of mailboxes, RFC 8621 2.2, by MAILBOXID. Each is in one list at most.
 *
 * @param updated those with another name, use, subscription or rights, perhaps with other counts as well
 * @param counted those of which nothing but the number of messages, or of unread ones, can be another: {@code updatedProperties}, where {@code updated} is empty
 * @param state the mod-sequence that this account of things leads up to
 */
public record MailboxChanges(
        List<String> created, List<String> updated, List<String> counted, List<String> destroyed, long state) {
    public MailboxChanges {
        created = List.copyOf(created);
        updated = List.copyOf(updated);
        counted = List.copyOf(counted);
        destroyed = List.copyOf(destroyed);
    }
}
