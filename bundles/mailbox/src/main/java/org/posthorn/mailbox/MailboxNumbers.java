package org.posthorn.mailbox;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.posthorn.api.mail.Address;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a mailbox keeps whatever it is called later: the number of its MAILBOXID, RFC 8474 4. The index keeps it; made of what the shelf tells as well, it is
 * the same one when the index is lost, as the same name and UIDVALIDITY demand. UIDVALIDITY alone would not do: other programs give it twice. Those of one
 * account; safe for several threads.
 */
final class MailboxNumbers {

    private static final Logger LOG = LoggerFactory.getLogger(MailboxNumbers.class);

    private final Address account;
    private final Path indexes;
    /** UIDVALIDITYs that mailboxes have or have had; not there before somebody asks. */
    private Set<Long> met;

    /** @param indexes the folder of the account's */
    MailboxNumbers(Address account, Path indexes) {
        this.account = account;
        this.indexes = indexes;
    }

    /**
     * That of a mailbox, or another one if that is taken: by a mailbox that was renamed, when somebody has put back by hand what it was before.
     *
     * @param name under which the mailbox begins
     * @param own the index that is going to have it
     */
    synchronized long next(String name, long uidValidity, Path own) throws IOException {
        if (met == null) met = validities();
        // With another one nothing is the same: to look at all mailboxes for each would take long where they are many.
        Set<Long> taken = met.add(uidValidity) ? Set.of() : taken(uidValidity, own);
        long number = of(name, uidValidity);
        for (int i = 1; taken.contains(number); i++) number = of(name + "\n" + i, uidValidity);
        return number;
    }

    private long of(String seed, long uidValidity) {
        byte[] whole = (account.folded() + "\n" + seed + "\n" + uidValidity).getBytes(StandardCharsets.UTF_8);
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(whole))
                    .getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private Set<Long> validities() throws IOException {
        Set<Long> all = new HashSet<>();
        for (Path path : all()) all.add(uidValidity(path));
        return all;
    }

    /** Those of other mailboxes with the same UIDVALIDITY. */
    private Set<Long> taken(long uidValidity, Path own) throws IOException {
        Set<Long> taken = new HashSet<>();
        for (Path path : all())
            if (!path.equals(own) && uidValidity(path) == uidValidity)
                number(path).ifPresent(taken::add);
        return taken;
    }

    private List<Path> all() throws IOException {
        if (!Files.isDirectory(indexes)) return List.of();
        List<Path> all = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(indexes, "*" + AccountShelf.INDEX)) {
            found.forEach(all::add);
        }
        return all;
    }

    /** 0 when it cannot be read: that is found when its mailbox is opened, and keeps nobody from making others. */
    private long uidValidity(Path path) {
        try {
            return IndexFile.uidValidity(path);
        } catch (IOException broken) {
            unreadable(path, broken);
            return 0;
        }
    }

    private Optional<Long> number(Path path) {
        try (Index index = Index.look(path)) {
            return Optional.of(index.table().mailboxId());
        } catch (IOException broken) {
            unreadable(path, broken);
            return Optional.empty();
        }
    }

    private void unreadable(Path path, IOException broken) {
        LOG.warn(
                "The MAILBOXID in {} of {} is not known, and another mailbox could be given the same one: {}",
                path.getFileName(),
                account,
                broken.toString());
    }
}
