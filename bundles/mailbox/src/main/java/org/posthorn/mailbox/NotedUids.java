package org.posthorn.mailbox;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import org.posthorn.api.mailbox.UidCount;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How far UIDs of a mailbox go, where its format notes that for whoever has it next: an earlier version, or another program. */
record NotedUids(AccountShelf account, String name) {

    private static final Logger LOG = LoggerFactory.getLogger(NotedUids.class);

    /** A list of UIDs that cannot be read keeps no mailbox shut. */
    Optional<UidCount> read() {
        try {
            return account.shelf().counted(name);
        } catch (IOException e) {
            LOG.warn("How far UIDs of {} of {} go cannot be read: {}", name, account.address(), e.toString());
            return Optional.empty();
        }
    }

    /** Another program may have begun its UIDs anew; it is its count that clients have seen last. @return an index that nothing contradicts */
    Index believed(Index index, Optional<UidCount> noted) throws IOException {
        boolean another = index.whole()
                && noted.filter(n -> n.uidValidity() != index.uidValidity()).isPresent();
        if (!another) return index;
        LOG.warn(
                "Another program has given mailbox {} of {} UIDVALIDITY {} in place of {}; clients will read it anew",
                name,
                account.address(),
                noted.get().uidValidity(),
                index.uidValidity());
        account.had(index.highestModSeq());
        account.hadValidity(index.uidValidity());
        index.close();
        Files.delete(account.indexPath(name));
        return Index.open(account.indexPath(name));
    }

    /** For whoever has the mailbox next: what is expunged now leaves no other trace there. */
    void write(Index index) {
        try {
            account.shelf().count(name, new UidCount(index.uidValidity(), index.uidNext()));
        } catch (IOException e) {
            LOG.warn("How far UIDs of {} of {} go is not noted: {}", name, account.address(), e.toString());
        }
    }
}
