package org.posthorn.mailbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.AccessKeys;
import org.posthorn.api.mailbox.MailboxFault;

/** Access keys as protocols see them. Holds nothing: each call looks the account up. They are kept as annotations are, {@link Notes#keys}. */
record UserKeys(Accounts accounts, Address address) implements AccessKeys {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int OCTETS = 32;

    /** The mechanism that they are for, the only one that RFC 4467 defines. */
    private static final String INTERNAL = "internal";

    @Override
    public byte[] of(String mailbox) throws IOException {
        Optional<byte[]> known = known(mailbox);
        if (known.isPresent()) return known.get();
        return alone(shelf -> {
            // Another may have made one meanwhile.
            Optional<byte[]> made = known(shelf, mailbox);
            return made.isPresent() ? made.get() : make(shelf, mailbox);
        });
    }

    @Override
    public Optional<byte[]> known(String mailbox) throws IOException {
        return accounts.use(address, shelf -> known(shelf, mailbox));
    }

    private static Optional<byte[]> known(AccountShelf shelf, String mailbox) throws IOException {
        return Optional.ofNullable(
                        shelf.notes().keys().of(Names.canonical(mailbox)).get(INTERNAL))
                .map(key -> key.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Override
    public void renew(String mailbox) throws IOException {
        alone(shelf -> make(shelf, mailbox));
    }

    private static byte[] make(AccountShelf shelf, String mailbox) throws IOException {
        String name = Names.canonical(mailbox);
        // What others share has slashes in its name, and may be gone as it may come: that is not for this account to
        // see.
        if (name.indexOf('/') < 0 && !shelf.exists(name))
            throw new MailboxFault(MailboxFault.Kind.NONEXISTENT, "There is no mailbox " + name);
        byte[] key = new byte[OCTETS];
        RANDOM.nextBytes(key);
        String kept = new String(key, StandardCharsets.ISO_8859_1);
        AnnotationFile keys = shelf.notes().keys();
        keys.set(name, Map.of(INTERNAL, Optional.of(kept)), shelf.nextModSeq());
        return key;
    }

    @Override
    public void removeAll() throws IOException {
        alone(shelf -> {
            shelf.notes().keys().remove(name -> true);
            return shelf;
        });
    }

    private <T> T alone(Accounts.Call<T> call) throws IOException {
        return accounts.use(address, shelf -> shelf.alone(call));
    }
}
