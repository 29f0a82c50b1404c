package org.posthorn.mailbox;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.Set;
import org.posthorn.api.mail.Address;

/**
 * What a mailbox keeps whatever it is called later: the number of its MAILBOXID, RFC 8474 4. The index keeps it; made of what the shelf tells as well, it is
 * the same one when the index is lost, as the same name and UIDVALIDITY demand. UIDVALIDITY alone would not do: other programs give it twice.
 *
 * @param name under which the mailbox begins
 */
record MailboxNumber(Address account, String name, long uidValidity) {

    /**
     * It, or another one if that is taken: by a mailbox that was renamed, when somebody has put back by hand what it was before.
     *
     * @param indexes the folder of the account's
     * @param own the index that is going to have it
     */
    long among(Path indexes, Path own) throws IOException {
        Set<Long> taken = taken(indexes, own);
        long number = of(name);
        for (int i = 1; taken.contains(number); i++) number = of(name + "\n" + i);
        return number;
    }

    private long of(String seed) {
        byte[] whole = (account.folded() + "\n" + seed + "\n" + uidValidity).getBytes(StandardCharsets.UTF_8);
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(whole))
                    .getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Those of other mailboxes with the same UIDVALIDITY: with another one nothing is the same. */
    private Set<Long> taken(Path indexes, Path own) throws IOException {
        Set<Long> taken = new HashSet<>();
        if (!Files.isDirectory(indexes)) return taken;
        try (DirectoryStream<Path> all = Files.newDirectoryStream(indexes, "*" + AccountShelf.INDEX)) {
            for (Path path : all)
                if (!path.equals(own) && IndexFile.uidValidity(path) == uidValidity) taken.add(number(path));
        }
        return taken;
    }

    private static long number(Path path) throws IOException {
        try (Index index = Index.look(path)) {
            return index.table().mailboxId();
        }
    }
}
