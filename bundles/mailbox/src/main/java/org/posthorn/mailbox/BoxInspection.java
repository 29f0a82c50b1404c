package org.posthorn.mailbox;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Message;
import org.posthorn.api.mailbox.Draft;
import org.posthorn.api.mailbox.Filed;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.Folder;
import org.posthorn.api.mailbox.Found;
import org.posthorn.api.mailbox.Shelf;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.api.store.Damage;
import org.posthorn.api.store.Inspection;

/** Holds one mailbox's index against its shelf. What the next look of a session would take over in silence is told here. */
final class BoxInspection {

    private static final String ABSORBED = "is read from the shelf";

    private final Accounts accounts;
    private final Address account;
    private final Shelf shelf;
    private final String name;
    private final Path path;
    private final Inspection inspection;
    private boolean mended;
    private boolean absorbed;

    BoxInspection(Accounts accounts, Address account, Shelf shelf, String name, Path path, Inspection inspection) {
        this.accounts = accounts;
        this.account = account;
        this.shelf = shelf;
        this.name = name;
        this.path = path;
        this.inspection = inspection;
    }

    /** A message in the index. */
    private record Row(long uid, long size, Flags flags) {}

    /** What the index says. @param fault what is wrong with it; empty if nothing */
    private record Known(Map<String, Row> rows, String fault) {

        static Known of(MessageTable table, String fault) {
            Map<String, Row> rows = new HashMap<>();
            for (int row = 0; row < table.rows(); row++)
                rows.put(table.key(row), new Row(table.uid(row), table.size(row), table.flags(row)));
            return new Known(rows, fault);
        }

        Optional<Flags> flags(String key) {
            return Optional.ofNullable(rows.get(key)).map(Row::flags);
        }
    }

    /** Index and shelf at one moment. */
    private record Both(Known known, List<Found> found) {
        static Both of(Box box) throws IOException {
            List<Found> found = box.folder().scan(key -> false).found();
            return new Both(Known.of(box.index().table(), ""), found);
        }
    }

    /** @return whether something was mended */
    boolean run() throws IOException {
        inspection.at(account + " " + name);
        Known before = known();
        shelf.inspect(name, before::flags, new Inside());
        try (Folder folder = shelf.open(name)) {
            compare(folder);
        }
        // UIDs are noted on the shelf once more, where the format has a place for them.
        if (mended) use(box -> box.forceShelf(box.with(b -> b.filed(UidSet.ALL))));
        return mended;
    }

    /** Under the lock of a mailbox in use nothing comes between the index and the shelf. */
    private void compare(Folder folder) throws IOException {
        Both both = both(folder);
        index(both.known());
        messages(both.known(), both.found(), folder);
    }

    private Both both(Folder folder) throws IOException {
        Optional<Both> inUse = inUse(Both::of);
        if (inUse.isPresent()) return inUse.get();
        Both both = new Both(known(), folder.scan(key -> false).found());
        // If it was opened meanwhile, what was read first may be no longer so.
        return inUse(Both::of).orElse(both);
    }

    private <T> Optional<T> inUse(Box.Call<T> call) throws IOException {
        while (true) {
            Optional<Box> box = accounts.inUse(account).flatMap(a -> a.inUse(name));
            if (box.isEmpty()) return Optional.empty();
            try {
                return Optional.of(box.get().with(call));
            } catch (Box.Gone unloaded) {
                inspection.at(account + " " + name);
            }
        }
    }

    private Known known() throws IOException {
        Known known = look();
        // One that is being made or opened has half an index for a moment.
        return known.fault().isEmpty() ? known : accounts.still(account, this::look);
    }

    private Known look() throws IOException {
        Optional<Known> inUse = inUse(b -> Known.of(b.index().table(), ""));
        if (inUse.isPresent()) return inUse.get();
        try {
            Index index = Index.look(path);
            return Known.of(
                    index.table(),
                    index.whole()
                            ? ""
                            : "the index is damaged: " + index.table().rows() + " messages are known");
        } catch (NoSuchFileException e) {
            return new Known(Map.of(), "the index is missing");
        }
    }

    private void index(Known known) {
        if (!known.fault().isEmpty())
            found(
                    "",
                    known.fault(),
                    ABSORBED + "; UIDs stay where the shelf notes them, HIGHESTMODSEQ goes up",
                    this::absorb);
    }

    private void messages(Known known, List<Found> found, Folder folder) throws IOException {
        Map<String, Row> missing = new HashMap<>(known.rows());
        found.forEach(f -> missing.remove(f.key()));
        Map<Long, String> lost = new HashMap<>();
        missing.forEach((key, row) -> lost.put(row.uid(), key));
        for (Found each : found) {
            inspection.at(account + " " + name + " " + each.key());
            Row row = known.rows().get(each.key());
            // The format calls it otherwise now, which is nobody's loss.
            if (row == null && each.uid() > 0 && renamed(missing, lost.get(each.uid()), each)) continue;
            if (row != null) read(folder, each, row);
            else if (known.fault().isEmpty())
                found("", "the index does not know " + each.key(), ABSORBED + " and gets a UID", this::absorb);
        }
        missing.forEach((key, row) -> found(
                "UID " + row.uid(), "its message is gone from the shelf: " + key, "leaves the index", this::absorb));
    }

    private static boolean renamed(Map<String, Row> missing, String key, Found found) {
        Row row = key == null ? null : missing.get(key);
        if (row == null || row.size() != found.size()) return false;
        missing.remove(key);
        return true;
    }

    private void read(Folder folder, Found found, Row row) {
        try {
            Optional<Message> message = folder.read(new Filed(row.uid(), found.key(), found.flags()));
            if (message.isEmpty()) return;
            long size = octets(message.get());
            if (size != row.size())
                found(
                        "UID " + row.uid(),
                        "its message has " + size + " octets and not " + row.size() + ": " + found.key(),
                        "stays as it is, with another UID",
                        () -> anew(row.uid()));
        } catch (NoSuchFileException taken) {
            inspection.at(account + " " + name + ": " + found.key() + " was taken away");
        } catch (IOException e) {
            inspection.found(new Damage(
                    account + " " + name + " UID " + row.uid(),
                    "its message cannot be read: " + e.getMessage(),
                    "is left as it is"));
        }
    }

    /** Goes through all of it. */
    private static long octets(Message message) throws IOException {
        long[] count = new long[1];
        try (var in = message.open()) {
            byte[] block = new byte[64 * 1024];
            for (int n; (n = in.read(block)) > 0; ) count[0] += n;
        }
        return count[0];
    }

    private void found(String which, String what, String mending, Inspection.Mend mend) {
        String where = account + " " + name + (which.isEmpty() ? "" : " " + which);
        inspection.found(new Damage(where, what, mending), () -> {
            mend.run();
            mended = true;
        });
    }

    private void use(Deed deed) throws IOException {
        accounts.use(
                account,
                shelf -> shelf.use(name, box -> {
                    deed.on(box);
                    return box;
                }));
    }

    private interface Deed {
        void on(Box box) throws IOException;
    }

    /** What lies on the shelf counts. */
    private void absorb() throws IOException {
        if (absorbed) return;
        absorbed = true;
        use(box -> {
            box.with(b -> {
                b.refreshSurely();
                return b;
            });
            Removal.force(box);
        });
    }

    /** A message never changes, RFC 3501 2.3.1.1: what is other octets is another message. */
    private void anew(long uid) throws IOException {
        use(box -> {
            box.with(b -> {
                b.refreshSurely();
                return b;
            });
            MessageTable table = box.with(b -> b.index().table());
            Optional<Message> message = box.with(b ->
                    table.row(uid) < 0 ? Optional.<Message>empty() : b.folder().read(table.filed(table.row(uid))));
            if (message.isEmpty()) return;
            var entry = box.with(b -> b.entry(uid));
            new Arrival(box).durable(new Draft(message.get(), entry.flags(), entry.internalDate()));
            Removal.durable(box, UidSet.of(uid));
        });
    }

    /** What the format tells, with the mailbox in front. */
    private final class Inside implements Inspection {
        @Override
        public Optional<Address> account() {
            return Optional.of(account);
        }

        @Override
        public void found(Damage damage, Mend mend) {
            BoxInspection.this.found(damage.where(), damage.what(), damage.mending(), mend);
        }

        @Override
        public void found(Damage damage) {
            inspection.found(new Damage(account + " " + name + " " + damage.where(), damage.what(), damage.mending()));
        }

        @Override
        public void at(String place) {
            inspection.at(account + " " + name + " " + place);
        }
    }
}
