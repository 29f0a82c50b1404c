package org.posthorn.api.mailbox;

import org.osgi.annotation.versioning.ProviderType;

/**
 * One mailbox, shared by all sessions. Not to be kept beyond the lease it was had by: ask the account again with each command. Safe for several
 * threads; a call sees all that calls before it did, from any session.
 */
@ProviderType
public interface Mailbox extends MailboxReading, MailboxWriting {}
