package org.posthorn.mailbox;

import org.posthorn.api.mail.MailId;
import org.posthorn.api.mailbox.Filed;

/** A delivered message that is not forced on its shelf yet, or whose recipient is not settled yet. */
record Unsettled(Filed filed, MailId mail, int recipient) {}
