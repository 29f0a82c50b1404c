package org.posthorn.mailbox;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.posthorn.api.mailbox.Amount;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what the mailboxes of an account hold that are not in use, and notes it for the next time. */
record UsageCount(AccountShelf account, Usage usage, UsageFile file) {

    private static final Logger LOG = LoggerFactory.getLogger(UsageCount.class);

    /** Under the lock of the structure. */
    void all() throws IOException {
        file.load();
        for (String name : account.shelf().names()) {
            if (usage.knows(name)) continue;
            Optional<Amount> noted = file.held(name);
            if (noted.isPresent()) usage.found(name, noted.get());
            else one(name);
        }
        usage.countedAll();
    }

    /** What cannot be opened holds nothing that anybody sees. */
    private void one(String name) {
        try {
            Optional<Amount> indexed = Index.held(account.indexPath(name));
            // One that is damaged or not there yet is read from the shelf, and tells then.
            if (indexed.isPresent()) usage.found(name, indexed.get());
            else account.use(name, box -> box.with(Box::name));
        } catch (IOException e) {
            LOG.warn("What mailbox {} of {} holds is not known: {}", name, account.address(), e.toString());
        }
    }

    /** What is not noted is counted again. */
    void note() {
        if (!usage.counted()) return;
        Map<String, Amount> held = usage.byMailbox();
        // Nobody knows what of it an index has that was left in the middle of something.
        held.keySet().removeIf(name -> account.checkpoint().owed().torn(new Owed.Where(account.address(), name)));
        try {
            file.save(held);
        } catch (IOException e) {
            LOG.warn("What the mailboxes of {} hold could not be noted: {}", account.address(), e.toString());
        }
    }
}
