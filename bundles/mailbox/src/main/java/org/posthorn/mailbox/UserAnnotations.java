package org.posthorn.mailbox;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.Annotations;
import org.posthorn.api.mailbox.Listed;
import org.posthorn.api.mailbox.MailboxFault;
import org.posthorn.api.mailbox.SpecialUse;

/** Annotations as protocols see them. Holds nothing: each call looks the account up. */
record UserAnnotations(Accounts accounts, Address address) implements Annotations {

    @Override
    public SortedMap<String, String> of(String mailbox) throws IOException {
        return alone(shelf -> {
            String name = known(shelf, mailbox);
            SortedMap<String, String> found = shelf.annotations().of(name);
            if (shelf.exists(name)) use(shelf, name).ifPresent(use -> found.put(SPECIAL_USE, attribute(use)));
            return found;
        });
    }

    @Override
    public SortedMap<String, String> of(Listed mailbox) throws IOException {
        SortedMap<String, String> found =
                accounts.use(address, shelf -> shelf.annotations().of(mailbox.name()));
        mailbox.use().ifPresent(use -> found.put(SPECIAL_USE, attribute(use)));
        return found;
    }

    @Override
    public List<Change> since(long modSeq) throws IOException {
        // Each command of who wants to hear of changes asks: it waits for nobody.
        return accounts.use(address, shelf -> shelf.annotations().since(modSeq));
    }

    @Override
    public long set(String mailbox, Map<String, Optional<String>> values) throws IOException {
        for (Map.Entry<String, Optional<String>> each : values.entrySet()) check(each.getKey(), each.getValue());
        long modSeq = alone(shelf -> {
            String name = known(shelf, mailbox);
            return values.containsKey(SPECIAL_USE) ? withUse(shelf, name, values) : noted(shelf, name, values);
        });
        accounts.watches().tell(address.folded());
        return modSeq;
    }

    private <T> T alone(Accounts.Call<T> call) throws IOException {
        return accounts.use(address, shelf -> shelf.alone(call));
    }

    private static void check(String entry, Optional<String> value) throws MailboxFault {
        if (entry.chars().anyMatch(c -> c < ' ' || c > '~')) throw Names.cannot("That is no name of an entry");
        if (value.filter(v -> v.length() > LONGEST).isPresent())
            throw new MailboxFault(MailboxFault.Kind.OVERQUOTA, "A value may have " + LONGEST + " octets at most");
    }

    /** The name of a mailbox, a level, or the server. */
    private static String known(AccountShelf shelf, String mailbox) throws IOException {
        String name = Names.canonical(mailbox);
        if (name.isEmpty() || shelf.lists(name)) return name;
        throw new MailboxFault(MailboxFault.Kind.NONEXISTENT, "There is no mailbox " + name);
    }

    private static long noted(AccountShelf shelf, String name, Map<String, Optional<String>> values)
            throws IOException {
        // First, for it may know of higher mod-sequences.
        AnnotationFile annotations = shelf.annotations();
        long modSeq = shelf.nextModSeq();
        annotations.set(name, values, modSeq);
        return modSeq;
    }

    /** The use is the account's to know; of the entry only the change is noted. */
    private static long withUse(AccountShelf shelf, String name, Map<String, Optional<String>> values)
            throws IOException {
        Optional<String> value = values.get(SPECIAL_USE);
        Optional<SpecialUse> wanted = value.isEmpty() ? Optional.empty() : Optional.of(use(value.get()));
        if (wanted.isPresent() && !shelf.exists(name)) throw Names.cannot("What has no mail has no use");
        if (wanted.isPresent() && !use(shelf, name).equals(wanted)) shelf.unused(wanted.get());
        Map<String, Optional<String>> noted = new HashMap<>(values);
        noted.put(SPECIAL_USE, Optional.empty());
        Optional<SpecialUse> before = use(shelf, name);
        dedicate(shelf, name, wanted);
        try {
            return noted(shelf, name, noted);
        } catch (IOException | RuntimeException e) {
            dedicate(shelf, name, before);
            throw e;
        }
    }

    private static String attribute(SpecialUse use) {
        return "\\" + use.mailbox();
    }

    private static SpecialUse use(String attribute) throws MailboxFault {
        return Arrays.stream(SpecialUse.values())
                .filter(u -> attribute(u).equalsIgnoreCase(attribute))
                .findFirst()
                .orElseThrow(() -> Names.cannot("There is no such use, or they are several"));
    }

    private static Optional<SpecialUse> use(AccountShelf shelf, String name) {
        synchronized (shelf) {
            return Optional.ofNullable(shelf.file().uses.get(name));
        }
    }

    private static void dedicate(AccountShelf shelf, String name, Optional<SpecialUse> use) throws IOException {
        Optional<SpecialUse> before = use(shelf, name);
        if (use.equals(before)) return;
        put(shelf, name, use);
        try {
            shelf.registrar().changed(name);
            shelf.save();
        } catch (IOException e) {
            put(shelf, name, before);
            throw e;
        }
    }

    private static void put(AccountShelf shelf, String name, Optional<SpecialUse> use) {
        synchronized (shelf) {
            if (use.isPresent()) shelf.file().uses.put(name, use.get());
            else shelf.file().uses.remove(name);
        }
    }
}
