package org.posthorn.jmap;

import java.util.function.Supplier;
import org.posthorn.api.lease.Leased;
import org.posthorn.api.mailbox.MailboxStore;
import org.posthorn.api.users.Accounts;
import org.posthorn.sasl.OpenLogins;

/** What all requests share. @param limits those in force now */
record Services(
        Leased<MailboxStore> stores,
        Leased<Accounts> accounts,
        OpenLogins logins,
        MethodTable methods,
        Uploads uploads,
        Supplier<Limits> limits) {}
