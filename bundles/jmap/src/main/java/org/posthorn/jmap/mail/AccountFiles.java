package org.posthorn.jmap.mail;

import java.io.IOException;
import java.lang.ref.SoftReference;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.posthorn.api.lease.Succession;
import org.posthorn.api.mail.Address;
import org.posthorn.jmap.Id;

/**
 * What is kept of each account below one folder, under the account's id. There is one object of each account at a time, as long as somebody has it; of accounts that nobody asks for, memory keeps
 * nothing that it needs. Of several that have the folder, as in a swap, the next waits until the one before is closed. Safe for several threads.
 */
final class AccountFiles<T> implements AutoCloseable {

    /** Reads what there is of one account. */
    interface Opener<T> {
        T open(Path his) throws IOException;
    }

    private final Succession<Path> folder;
    private final Opener<T> opener;
    private final Map<String, SoftReference<T>> open = new ConcurrentHashMap<>();

    AccountFiles(Path mine, Opener<T> opener) {
        this.folder = Succession.begin(mine.getFileName() + " " + mine.toAbsolutePath(), before -> mine);
        this.opener = opener;
    }

    /** Waits while another has the folder. */
    T of(Address account) throws IOException {
        return of(Id.account(account));
    }

    T of(String id) throws IOException {
        folder.get();
        T known = get(open.get(id));
        return known != null ? known : open(id);
    }

    private synchronized T open(String id) throws IOException {
        T known = get(open.get(id));
        if (known != null) return known;
        T opened = opener.open(folder.get().resolve(id));
        open.put(id, new SoftReference<>(opened));
        return opened;
    }

    /** Whether another still has the folder. */
    boolean waits() {
        return folder.waits();
    }

    /** The ids of the accounts of which there is something. */
    List<String> ids() throws IOException {
        List<String> ids = new ArrayList<>();
        if (Files.notExists(folder.get())) return ids;
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder.get())) {
            for (Path his : all)
                if (Id.is(his.getFileName().toString()))
                    ids.add(his.getFileName().toString());
        }
        return ids;
    }

    /** Nothing is asked of it behind this; nothing is left to write. */
    @Override
    public void close() {
        folder.close(mine -> open.clear());
    }

    private static <T> T get(SoftReference<T> reference) {
        return reference == null ? null : reference.get();
    }
}
