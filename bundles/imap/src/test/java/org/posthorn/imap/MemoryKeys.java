package org.posthorn.imap;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.posthorn.api.mailbox.AccessKeys;
import org.posthorn.api.mailbox.MailboxFault;

/** Keys of which each is another than those before, but the same in each test. */
final class MemoryKeys implements AccessKeys {

    private final MemoryAccount account;
    private final Map<String, byte[]> keys = new HashMap<>();
    private int made;
    private Optional<IOException> unreadable = Optional.empty();

    MemoryKeys(MemoryAccount account) {
        this.account = account;
    }

    void gone(String mailbox) {
        keys.remove(mailbox);
    }

    /** Nobody can tell what they are from now on. */
    void unreadable(IOException reason) {
        unreadable = Optional.of(reason);
    }

    @Override
    public byte[] of(String mailbox) throws MailboxFault {
        if (!keys.containsKey(mailbox)) renew(mailbox);
        return keys.get(mailbox);
    }

    @Override
    public Optional<byte[]> known(String mailbox) throws IOException {
        if (unreadable.isPresent()) throw unreadable.get();
        return Optional.ofNullable(keys.get(mailbox));
    }

    @Override
    public void renew(String mailbox) throws MailboxFault {
        if (mailbox.indexOf('/') < 0 && account.mailbox(mailbox).isEmpty())
            throw new MailboxFault(MailboxFault.Kind.NONEXISTENT, "There is no such mailbox");
        keys.put(mailbox, ("key " + ++made).getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void removeAll() {
        keys.clear();
    }
}
