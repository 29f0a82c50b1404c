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
import org.posthorn.api.mailbox.Annotations;
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
    /** By mailbox and entry. */
    private final Map<String, TreeMap<String, String>> notes = new HashMap<>();

    private final List<Annotations.Change> reordered = new ArrayList<>();
    private int made;
    private int noted;
    /** Since 41, and since 50. */
    MailboxChanges changes;

    MailboxChanges laterChanges;

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
        Annotations annotations = fake(Annotations.class, this::annotations);
        return fake(MailboxStore.class, (name, a) -> switch (name) {
            case "account" -> account;
            case "annotations" -> annotations;
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
            case "mailboxChanges" -> Optional.ofNullable((long) a[0] < 50 ? changes : laterChanges);
            default -> throw new UnsupportedOperationException(method);
        };
    }

    @SuppressWarnings("unchecked")
    private Object annotations(String method, Object[] a) {
        if (method.equals("since"))
            return reordered.stream().filter(c -> c.modSeq() > (long) a[0]).toList();
        String path = a[0] instanceof Listed listed ? listed.name() : (String) a[0];
        TreeMap<String, String> entries = notes.computeIfAbsent(path, p -> new TreeMap<>());
        if (method.equals("of")) {
            TreeMap<String, String> all = new TreeMap<>(entries);
            if (uses.containsKey(path))
                all.put(Annotations.SPECIAL_USE, "\\" + uses.get(path).mailbox());
            return all;
        }
        ((Map<String, Optional<String>>) a[1]).forEach((entry, value) -> note(path, entries, entry, value));
        return 40L + ++noted;
    }

    private void note(String path, TreeMap<String, String> entries, String entry, Optional<String> value) {
        if (!entry.equals(Annotations.SPECIAL_USE)) {
            entries.remove(entry);
            value.ifPresent(v -> entries.put(entry, v));
            reordered.add(new Annotations.Change(path, entry, 41L + noted));
            return;
        }
        uses.remove(path);
        for (SpecialUse use : SpecialUse.values())
            if (value.filter(v -> v.equals("\\" + use.mailbox())).isPresent()) uses.put(path, use);
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
            if (path.equals(from) || path.startsWith(from + ".")) {
                String now = to + path.substring(from.length());
                ids.put(now, ids.remove(path));
                if (uses.containsKey(path)) uses.put(now, uses.remove(path));
                if (notes.containsKey(path)) notes.put(now, notes.remove(path));
            }
    }

    private Mailbox mailbox(String path) {
        int n = messages.getOrDefault(path, List.of()).size();
        return fake(Mailbox.class, (method, a) -> new Status(n, 0, 0, 0, 0, n + 1, 1, 1, 0, 0, ids.get(path)));
    }
}
