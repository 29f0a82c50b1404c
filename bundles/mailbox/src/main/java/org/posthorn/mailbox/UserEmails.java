package org.posthorn.mailbox;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.Email;
import org.posthorn.api.mailbox.Emails;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.IdChanges;
import org.posthorn.api.mailbox.MailboxChanges;
import org.posthorn.api.mailbox.MailboxFault;
import org.posthorn.api.mailbox.ObjectId;
import org.posthorn.api.mailbox.Threaded;
import org.posthorn.api.mailbox.UidSet;

/** Emails as protocols see them. Holds nothing: each call looks the account up. */
record UserEmails(AllBoxes boxes, ThreadLook look) implements Emails {

    /** @param meant the mailboxes that count; empty for all */
    UserEmails(Accounts accounts, Address address, Optional<Emails.Sight> meant) {
        this(new AllBoxes(accounts, address, meant), new ThreadLook(accounts, address));
    }

    @Override
    public long state() throws IOException {
        return boxes.state();
    }

    @Override
    public SortedMap<String, String> mailboxes() throws IOException {
        SortedMap<String, String> ids = new TreeMap<>();
        if (boxes.meant().isPresent())
            boxes.each(box ->
                    ids.put(box.name(), ObjectId.mailbox(box.index().table().mailboxId())));
        else boxes.look().names().forEach((number, name) -> ids.put(name, ObjectId.mailbox(number)));
        return ids;
    }

    @Override
    public List<Email> emails(Set<Long> numbers) throws IOException {
        List<Email> found = new EmailList(boxes, look).emails(LongMap.among(numbers));
        found.sort(Comparator.comparingLong(Email::number));
        return found;
    }

    @Override
    public List<Email> threads(Set<Long> threads) throws IOException {
        return new EmailList(boxes, look).threads(LongMap.among(threads));
    }

    @Override
    public List<Email> all() throws IOException {
        return new EmailList(boxes, look).threads(thread -> true);
    }

    @Override
    public List<Threaded> mailbox(String given, UidSet uids) throws IOException {
        String name = Names.canonical(given);
        if (!boxes.counts(name)) throw new MailboxFault(MailboxFault.Kind.NONEXISTENT, "There is no mailbox " + name);
        List<Entry> entries = new UserMailbox(boxes.accounts(), boxes.address(), name).entries(uids);
        long[] threads = look.of(
                name,
                entries.stream().mapToLong(Entry::uid).toArray(),
                entries.stream().mapToLong(Entry::emailId).toArray());
        List<Threaded> told = new ArrayList<>(threads.length);
        for (int i = 0; i < threads.length; i++)
            if (threads[i] != 0) told.add(new Threaded(threads[i], entries.get(i)));
        return told;
    }

    @Override
    public Optional<IdChanges> changes(long since) throws IOException {
        AllBoxes.Looked looked = boxes.look();
        // Before anything is gathered for an answer that there is not.
        if (since < looked.leftFrom()) return Optional.empty();
        return EmailHistory.between(boxes, since, looked.state());
    }

    @Override
    public Optional<IdChanges> threadChanges(long since) throws IOException {
        Optional<IdChanges> emails = changes(since);
        return emails.isEmpty() ? emails : ThreadHistory.of(boxes, look, emails.get(), since);
    }

    @Override
    public Optional<MailboxChanges> mailboxChanges(long since) throws IOException {
        AllBoxes.Looked looked = boxes.look();
        if (boxes.meant().isEmpty()) return boxes.use(shelf -> shelf.registrar().changes(looked, since));
        return since > looked.state() ? Optional.empty() : Optional.of(counted(looked, since));
    }

    private static MailboxChanges counted(AllBoxes.Looked looked, long since) {
        List<String> counted = new ArrayList<>();
        looked.highest().forEach((number, highest) -> {
            if (highest > since) counted.add(ObjectId.mailbox(number));
        });
        return new MailboxChanges(List.of(), List.of(), counted, List.of(), looked.state());
    }
}
