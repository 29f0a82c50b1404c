package org.posthorn.mailbox.maildir;

import java.io.IOException;
import org.posthorn.api.mailbox.MailboxFormat;
import org.posthorn.testkit.MailboxFormatContract;

class MaildirFormatTest extends MailboxFormatContract {

    @Override
    protected MailboxFormat format() throws IOException {
        return new MaildirFormat();
    }
}
