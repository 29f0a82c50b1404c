package org.posthorn.jmap;

import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.Access;
import org.posthorn.api.mailbox.Account;
import org.posthorn.api.mailbox.Emails;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.Listed;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.api.mailbox.MailboxChanges;
import org.posthorn.api.mailbox.MailboxStore;
import org.posthorn.api.mailbox.Namespaces;
import org.posthorn.api.mailbox.SpecialUse;
import org.posthorn.api.mailbox.Status;
import org.posthorn.api.mailbox.Threaded;

/** The mailboxes of one account in memory, as far as Mailbox methods look at them. Ids are F and the names' order of coming. */
final class Shelf {

    private final TreeMap<String, String> ids = new TreeMap<>();
    private final Map<String, List<Threaded>> messages = new HashMap<>();
    private final Set<String> subscribed = new TreeSet<>();
    private final Map<String, SpecialUse> uses = new HashMap<>();
    private int made;
    MailboxChanges changes;

    Shelf() {
        create("INBOX", Optional.empty());
        create("Trash", Optional.of(SpecialUse.TRASH));
    }

    private String create(String path, Optional<SpecialUse> use) {
        ids.put(path, "F" + made++);
        use.ifPresent(u -> uses.put(path, u));
        return ids.get(path);
    }

    void message(String path, long email, long thread, int flags) {
        List<Threaded> all = messages.computeIfAbsent(path, p -> new ArrayList<>());
        Entry entry = new Entry(all.size() + 1, Flags.of(flags), 1, 10, Instant.EPOCH, Instant.EPOCH, email);
        all.add(new Threaded(thread, entry));
    }

    MailboxStore store() {
        Account account = fake(Account.class, this::account);
        Emails emails = fake(Emails.class, this::emails);
        return fake(MailboxStore.class, (name, a) -> switch (name) {
            case "account" -> account;
            case "access" -> Access.ofOwner((Address) a[0]);
            case "namespaces" -> Namespaces.PERSONAL;
            default -> emails;
        });
    }

    private interface Call {
        Object answer(String method, Object[] arguments);
    }

    private static <T> T fake(Class<T> type, Call call) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (p, method, a) -> call.answer(method.getName(), a)));
    }

    private Object emails(String method, Object[] a) {
        return switch (method) {
            case "state" -> 40L + made;
            case "mailboxes" -> ids;
            case "mailbox" -> messages.getOrDefault(a[0], List.of());
            case "mailboxChanges" -> Optional.ofNullable(changes);
            default -> throw new UnsupportedOperationException(method);
        };
    }

    @SuppressWarnings("unchecked")
    private Object account(String method, Object[] a) {
        return switch (method) {
            case "list" ->
                ids.keySet().stream()
                        .map(path ->
                                new Listed(path, true, subscribed.contains(path), Optional.ofNullable(uses.get(path))))
                        .toList();
            case "mailbox" -> ids.containsKey(a[0]) ? Optional.of(mailbox((String) a[0])) : Optional.empty();
            case "create" -> create((String) a[0], (Optional<SpecialUse>) a[1]);
            case "rename" -> {
                rename((String) a[0], (String) a[1]);
                yield null;
            }
            case "delete" -> ids.remove(a[0]) == null ? null : null;
            case "subscriptions" -> List.copyOf(subscribed);
            case "subscribe" -> subscribed.add((String) a[0]) ? null : null;
            case "unsubscribe" -> subscribed.remove(a[0]) ? null : null;
            default -> throw new UnsupportedOperationException(method);
        };
    }

    private void rename(String from, String to) {
        for (String path : List.copyOf(ids.keySet()))
            if (path.equals(from) || path.startsWith(from + "."))
                ids.put(to + path.substring(from.length()), ids.remove(path));
    }

    private Mailbox mailbox(String path) {
        int n = messages.getOrDefault(path, List.of()).size();
        return fake(Mailbox.class, (method, a) -> new Status(n, 0, 0, 0, 0, n + 1, 1, 1, 0, 0, ids.get(path)));
    }
}
