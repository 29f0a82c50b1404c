package org.posthorn.mailbox;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.Account;
import org.posthorn.api.mailbox.Annotations;
import org.posthorn.api.mailbox.MailboxFault;
import org.posthorn.api.mailbox.Placed;
import org.posthorn.api.mailbox.SentMail;
import org.posthorn.api.mailbox.SpecialUse;

/** Files what a user has sent, in a mailbox that is made if need be. Holds nothing: each call looks the account up. */
record SentFiling(Accounts accounts, Address address) {

    private static final String NAME = SpecialUse.SENT.mailbox();

    Optional<Placed> keep(SentMail sent) throws IOException {
        Sent.Mailing mailing = Sent.Mailing.of(sent);
        if (accounts.use(address, shelf -> accounts.sent(shelf).has(mailing))) return Optional.empty();
        String mailbox = mailbox();
        return accounts.use(address, shelf -> accounts.sent(shelf).file(mailing, mailbox));
    }

    private String mailbox() throws IOException {
        Optional<String> there = there();
        if (there.isPresent()) return there.get();
        try {
            make();
            return NAME;
        } catch (MailboxFault fault) {
            // Another mail of his may have had it made meanwhile.
            return there().orElseThrow(() -> fault);
        }
    }

    private Optional<String> there() throws IOException {
        return accounts.use(address, shelf -> accounts.sent(shelf).mailbox());
    }

    private void make() throws IOException {
        Account own = new UserAccount(accounts, address);
        if (own.mailbox(NAME).isPresent()) dedicate();
        else {
            own.create(NAME, Optional.of(SpecialUse.SENT));
            own.subscribe(NAME);
        }
    }

    /** Some clients make one of that name and say nothing of its use. */
    private void dedicate() throws IOException {
        if (accounts.use(address, shelf -> accounts.sent(shelf).use(NAME)).isPresent())
            throw Names.cannot("The mailbox " + NAME + " is for something else, and there is none for what is sent");
        new UserAnnotations(accounts, address).set(NAME, Map.of(Annotations.SPECIAL_USE, Optional.of("\\" + NAME)));
    }
}
