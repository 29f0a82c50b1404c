package org.posthorn.imap.command;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.NoSuchFileException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.api.mailbox.MailboxFault;
import org.posthorn.api.mailbox.MailboxStore;
import org.posthorn.imap.MessageCache;
import org.posthorn.imap.Realm;
import org.posthorn.imap.SyntaxFault;
import org.posthorn.mime.StoredMessage;

/**
 * A message, or a part of one, by a URL that says who may read it: RFC 5092 6.1 and 11 "authimapurl". The server in it is not looked at, as clients call this one
 * by many names: no other makes a token that is valid here.
 *
 * @param rump all of it in front of mechanism and token, which is what a token is made of
 * @param owner in whose place it is read
 * @param expires until when it is valid; for ever, if that is not said
 * @param token what makes it valid; empty for a mere rump
 */
record AuthorizedUrl(
        String rump,
        Address owner,
        MessageUrl message,
        Optional<Instant> expires,
        AccessIdentifier access,
        Optional<String> token) {

    /** RFC 3339 5.6. */
    private static final String DATE_TIME =
            "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\\.[0-9]{1,9})?" + "(?:Z|[+-][0-9]{2}:[0-9]{2})";

    private static final Pattern FORM = Pattern.compile(
            "(?<rump>imap://(?<user>[^@/;:?#]+)(?:;AUTH=[^@/;:?#]+)?@[^@/;?#]+(?<path>/[^?#]*?)"
                    + "(?:;EXPIRE=(?<expire>" + DATE_TIME + "))?;URLAUTH=(?<access>[^@/;:?#]+))"
                    + "(?::INTERNAL:(?<token>[0-9A-F]{32,}))?",
            Pattern.CASE_INSENSITIVE);

    private static final Joined.Piece NOTHING = Joined.Piece.of(StoredMessage.of(""));

    /** Reads one; empty for what is none. @param reader in whose domain an owner lies who is named by local part alone */
    static Optional<AuthorizedUrl> parse(String text, Address reader) {
        Matcher url = FORM.matcher(text);
        if (!text.chars().allMatch(c -> c > ' ' && c <= '~') || !url.matches()) return Optional.empty();
        try {
            Optional<Address> owner = AccessIdentifier.userid(url.group("user"), reader.domain());
            return owner.isEmpty() ? Optional.empty() : parse(url, owner.get());
        } catch (CharacterCodingException | DateTimeException | SyntaxFault wrong) {
            return Optional.empty();
        }
    }

    private static Optional<AuthorizedUrl> parse(Matcher url, Address owner) throws CharacterCodingException {
        Optional<AccessIdentifier> access = AccessIdentifier.parse(url.group("access"), owner);
        Optional<MessageUrl> message =
                MessageUrl.parse(url.group("path")).filter(m -> m.mailbox().isPresent());
        Optional<Instant> expires = Optional.ofNullable(url.group("expire"))
                .map(time -> OffsetDateTime.parse(time.toUpperCase(Locale.ROOT)).toInstant());
        Optional<String> token = Optional.ofNullable(url.group("token"));
        return access.flatMap(
                who -> message.map(what -> new AuthorizedUrl(url.group("rump"), owner, what, expires, who, token)));
    }

    /** Whether its owner has had it made here, for the mailbox as it is and with the key that it still has, and its time is not over: RFC 4467 6. */
    boolean isValid(MailboxStore store, Instant now) throws IOException {
        boolean inTime = expires.isEmpty() || !now.isAfter(expires.get());
        try {
            return token.isPresent() && isMade(store, token.get()) && inTime;
        } catch (MailboxFault gone) {
            // Another session was faster, or no keys are kept here.
            return false;
        }
    }

    private boolean isMade(MailboxStore store, String token) throws IOException {
        Optional<Mailbox> mailbox = mailbox(store);
        if (mailbox.isEmpty()) return Internal.verifies(token, rump, 0, Optional.empty());
        Optional<byte[]> key = store.keys(owner).known(mailbox.get().name());
        return Internal.verifies(token, rump, mailbox.get().status().uidValidity(), key);
    }

    /** With the rights that its owner has there now, RFC 4467 7 "URLFETCH". */
    private Optional<Mailbox> mailbox(MailboxStore store) throws IOException {
        // Asking must not make an account.
        if (!store.exists(owner)) return Optional.empty();
        return new Realm(store, owner).mailbox(message.mailbox().orElseThrow()).filter(m -> m.rights()
                .has('r'));
    }

    /** What it stands for: nothing where the message has no such part, and empty when there is no such message. */
    Optional<Joined.Piece> content(MailboxStore store, MessageCache cache) throws IOException {
        Optional<Mailbox> mailbox = mailbox(store);
        if (mailbox.isEmpty()) return Optional.empty();
        try {
            Optional<ReadMessage> read = message.message(mailbox.get(), cache, owner);
            return read.isEmpty() ? Optional.empty() : Optional.of(piece(read.get()));
        } catch (FileNotFoundException | NoSuchFileException | MailboxFault gone) {
            // Another session or program was faster.
            return Optional.empty();
        }
    }

    private Joined.Piece piece(ReadMessage read) throws IOException {
        Optional<Extent> extent = message.section().extent(read);
        return extent.isEmpty() ? NOTHING : extent.get().piece(read.message());
    }
}
