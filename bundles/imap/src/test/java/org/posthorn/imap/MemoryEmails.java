package org.posthorn.imap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import org.posthorn.api.mailbox.Email;
import org.posthorn.api.mailbox.Emails;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.IdChanges;
import org.posthorn.api.mailbox.MailboxChanges;
import org.posthorn.api.mailbox.MailboxFault;
import org.posthorn.api.mailbox.Threaded;
import org.posthorn.api.mailbox.UidSet;

/** The threads of messages are the numbers in their Thread fields; one without is as one that has gone meanwhile. */
record MemoryEmails(MemoryAccount account) implements Emails {

    @Override
    public List<Threaded> mailbox(String name, UidSet uids) throws IOException {
        MemoryMailbox box = account.box(name);
        if (box == null) throw new MailboxFault(MailboxFault.Kind.NONEXISTENT, "There is none");
        List<Threaded> threaded = new ArrayList<>();
        for (Entry entry : box.entries(uids))
            box.message(entry.uid()).orElseThrow().header().stream()
                    .filter(f -> f.is("Thread"))
                    .forEach(f -> threaded.add(
                            new Threaded(Long.parseLong(f.unfolded().strip()), entry)));
        return threaded;
    }

    private static UnsupportedOperationException notAsked() {
        return new UnsupportedOperationException("IMAP asks by mailbox");
    }

    @Override
    public long state() {
        throw notAsked();
    }

    @Override
    public SortedMap<String, String> mailboxes() {
        throw notAsked();
    }

    @Override
    public List<Email> emails(Set<Long> numbers) {
        throw notAsked();
    }

    @Override
    public List<Email> threads(Set<Long> threads) {
        throw notAsked();
    }

    @Override
    public List<Email> all() {
        throw notAsked();
    }

    @Override
    public Optional<IdChanges> changes(long since) {
        throw notAsked();
    }

    @Override
    public Optional<IdChanges> threadChanges(long since) {
        throw notAsked();
    }

    @Override
    public Optional<MailboxChanges> mailboxChanges(long since) {
        throw notAsked();
    }
}
