package org.posthorn.jmap.mail;

import java.util.function.Supplier;
import org.posthorn.api.events.MailStories;
import org.posthorn.api.intake.MailIntake;
import org.posthorn.api.intake.SubmissionRules;
import org.posthorn.api.lease.Leased;
import org.posthorn.api.mailbox.MailboxStore;
import org.posthorn.api.queue.UnsentMail;
import org.posthorn.api.users.Accounts;

/**
 * Through whom mail is sent.
 *
 * @param accounts who may send as whom; leased by each question
 * @param intakes the way in
 * @param queues where it waits
 * @param stories what became of it
 * @param mailboxes where reports of it arrive
 * @param rules how it is taken now
 */
public record Sending(
        Accounts accounts,
        Leased<MailIntake> intakes,
        Leased<UnsentMail> queues,
        Leased<MailStories> stories,
        Leased<MailboxStore> mailboxes,
        Supplier<SubmissionRules> rules) {}
