package org.posthorn.mailbox.mbox;

import org.posthorn.api.mailbox.MailboxFormat;
import org.posthorn.testkit.MailboxFormatContract;

class MboxFormatTest extends MailboxFormatContract {

    @Override
    protected MailboxFormat format() {
        return new MboxFormat();
    }
}
