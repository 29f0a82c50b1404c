package org.posthorn.spool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.Recipient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mail in damaged places of the journal, as far as it can be read. What of it nobody has yet, when all of the journal was read, is set aside as
 * {@link Remains}, for a person to have it delivered.
 */
final class Salvage {

    private static final Logger log = LoggerFactory.getLogger(Salvage.class);
    /** More than that are not remembered; a disk that hurt so many has other things to tell. */
    private static final int MOST = 50_000;

    private final Directories folders;
    private final Map<MailId, Found> found = new LinkedHashMap<>();
    private final Map<MailId, BitSet> done = new LinkedHashMap<>();

    /** Reads what is left of a mail: none is held, for many may be damaged. */
    private interface Found {
        Optional<Remains> read() throws IOException;
    }

    Salvage(Directories folders) {
        this.folders = folders;
    }

    /** A damaged place: what lies between two whole records, or behind the last. */
    void place(Path segment, Marks marks, long from, long behind) throws IOException {
        for (long at = from; at < behind && found.size() < MOST; ) {
            long next = marks.from(at + 1);
            Hurt hurt = new Hurt(segment, at, next < 0 ? behind : next, folders.large());
            hurt.mail().ifPresent(remains -> add(remains.mail().id(), hurt::mail));
            at = hurt.next();
        }
    }

    /** A large mail whose file is cut; one that is gone leaves nothing. */
    void large(Committed mail) {
        Path file = mail.large().orElseThrow();
        done.put(mail.mail().id(), (BitSet) mail.settled().clone());
        mail.notes()
                .forEach(noted -> settled(mail.mail().id(), List.of(noted.note().recipient())));
        Remains remains = new Remains(mail.mail(), () -> Files.newInputStream(file));
        if (Files.exists(file)) add(mail.mail().id(), () -> Optional.of(remains));
    }

    private void add(MailId id, Found mail) {
        found.put(id, mail);
        done.computeIfAbsent(id, none -> new BitSet());
    }

    /** These recipients have theirs: settled, or lying on a shelf, or taken from there. */
    void settled(MailId id, Collection<Integer> places) {
        BitSet those = done.get(id);
        if (those != null) places.forEach(those::set);
    }

    /** It stands elsewhere, whole: it was carried on. */
    void whole(MailId id) {
        found.remove(id);
    }

    /** Writes down what is left. What was set aside before stays as it is. */
    void setAside() throws IOException {
        for (Map.Entry<MailId, Found> each : found.entrySet()) {
            Optional<Remains> remains = each.getValue().read();
            if (remains.isPresent()) setAside(folders.damaged(), remains.get(), done.get(each.getKey()));
        }
        if (found.size() >= MOST)
            log.error(
                    "More than {} mails are damaged: of the others, what is left is in the copies of the segments",
                    MOST);
    }

    private static void setAside(Path folder, Remains remains, BitSet done) throws IOException {
        List<Recipient> all = remains.mail().envelope().recipients();
        List<Recipient> open = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) if (!done.get(i)) open.add(all.get(i));
        if (!open.isEmpty() && remains.to(open).write(folder))
            log.error(
                    "mail {} from {} is damaged: what is left of it is in {}; store:repair has that delivered",
                    remains.mail().id(),
                    remains.mail().envelope().reversePath(),
                    folder);
    }
}
