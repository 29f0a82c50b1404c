package org.posthorn.mailbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.Amount;
import org.posthorn.api.mailbox.Draft;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.Quota;
import org.posthorn.mime.StoredMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The mail from which an account's owner hears that it is getting full. Nobody shall answer it, RFC 3834 5. */
record Warning(Address account, int percent, Quota quota, Instant now) {

    private static final Logger LOG = LoggerFactory.getLogger(Warning.class);
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ENGLISH);

    /** Puts it into the log, and into INBOX if there is room, and still some when it is there. What has arrived stays, whether that can be told or not. */
    static void tell(AccountShelf shelf, int percent) {
        Quota quota = shelf.usage().quota();
        LOG.warn(
                "The mailboxes of {} are {} % full: {} octets, {} messages",
                shelf.address(), percent, quota.used().octets(), quota.used().messages());
        Draft warning = new Warning(shelf.address(), percent, quota, shelf.now()).draft();
        Amount more = new Amount(warning.message().size(), 1);
        // The last room is for mail, and not for a word on how little of it there is.
        if (!quota.admits(more.plus(more))) return;
        try {
            shelf.usage().enter(more);
            try {
                shelf.use(AccountShelf.INBOX, box -> new Arrival(box).safely(List.of(warning)));
            } finally {
                shelf.usage().leave(more);
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn("{} could not be told that: {}", shelf.address(), e.toString());
        }
    }

    Draft draft() {
        String text = String.join(
                "\r\n",
                "Date: " + DATE.format(now.atOffset(ZoneOffset.UTC)),
                "From: Mailbox warning <postmaster@" + account.domain() + ">",
                "To: <" + account + ">",
                "Subject: Your mailboxes are " + percent + " % full",
                "Message-ID: <" + UUID.randomUUID() + "@" + account.domain() + ">",
                "Auto-Submitted: auto-generated",
                "MIME-Version: 1.0",
                "Content-Type: text/plain; charset=utf-8",
                "Content-Transfer-Encoding: 8bit",
                "",
                "The mailboxes of " + account + " hold",
                "",
                "  "
                        + line(
                                size(quota.used().octets()),
                                size(quota.limit().octets()),
                                quota.limit().octets()),
                "  "
                        + line(
                                quota.used().messages() + " messages",
                                "" + quota.limit().messages(),
                                quota.limit().messages()),
                "",
                "When they are full, mail for you has to wait, and goes back to those who sent it if it waits too long.",
                "Please delete messages that you no longer need; those in Trash count, too.",
                "");
        // The characters of a message stand for octets.
        String octets = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        return new Draft(StoredMessage.of(octets), Flags.NONE, now);
    }

    private static String line(String used, String limit, long number) {
        return number == Long.MAX_VALUE ? used : used + " of " + limit;
    }

    private static String size(long octets) {
        return String.format(Locale.ROOT, "%.1f MiB", octets / 1048576.0);
    }
}
