package org.posthorn.api.events;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.Origin;
import org.posthorn.api.mail.Reply;

/**
 * Something that happened to a mail. Plain values: they are written down component by component, under the record's name, so a new
 * component goes to the end and an old one stays.
 */
public sealed interface MailEvent {

    /** Which one. It has this id from its MAIL on, be it taken or refused. */
    MailId mail();

    /** When. */
    Instant when();

    /** Where in its SMTP transaction a mail was. */
    enum Stage {
        MAIL,
        RCPT,
        DATA
    }

    /** MAIL came, or this server makes a mail of its own (then the origin's protocol is {@code local}). */
    record Begun(MailId mail, Instant when, Origin origin, Optional<Address> sender) implements MailEvent {}

    /** What a filter can say; {@code NONE} when it failed and said nothing. */
    enum Word {
        PASS,
        QUARANTINE,
        REFUSE,
        DISCARD,
        NONE
    }

    /**
     * A filter has judged.
     *
     * @param moment when it was asked: {@code client}, {@code sender}, {@code recipient} or {@code message}
     * @param recipient the one it was asked about, if about one
     * @param reason why, in words or as a reply; may be empty
     * @param findings what it found, as {@code spf=pass smtp.mailfrom=example.org}
     * @param bundle the symbolic name of the bundle whose class judged; may be empty
     * @param version that bundle's version; may be empty
     */
    record Judged(
            MailId mail,
            Instant when,
            String filter,
            String moment,
            Optional<Address> recipient,
            Word word,
            String reason,
            List<String> findings,
            Duration took,
            String bundle,
            String version)
            implements MailEvent {}

    /** What RCPT was answered. @param by who refused: {@code routing}, or {@code filter} and its name; empty when nobody did */
    record Answered(MailId mail, Instant when, Address recipient, Reply reply, String by) implements MailEvent {}

    /**
     * The data is whole.
     *
     * @param octets as the client sent them
     * @param messageId with its angle brackets; empty when there is none
     */
    record Content(MailId mail, Instant when, long octets, String messageId) implements MailEvent {}

    /**
     * The whole mail is refused.
     *
     * @param why what the client was not told; may be empty
     */
    record Refused(MailId mail, Instant when, Stage stage, Reply reply, String why) implements MailEvent {}

    /** The client went away, or began anew, before the mail was whole. @param stage how far it had come */
    record Abandoned(MailId mail, Instant when, Stage stage) implements MailEvent {}

    /** The client was told yes, and the mail was thrown away. @param why who wanted that */
    record Discarded(MailId mail, Instant when, String why) implements MailEvent {}

    /** It is safe in the journal, and the client knows. @param junk whether it is for the Junk mailbox */
    record Accepted(MailId mail, Instant when, Reply reply, boolean junk) implements MailEvent {}

    /**
     * The way of a recipient is known.
     *
     * @param recipient the end of the way
     * @param aliases what led there, as written by the sender first; empty when nothing did
     */
    record Routed(MailId mail, Instant when, Address recipient, List<Address> aliases, String transport, String nextHop)
            implements MailEvent {}

    /**
     * Another server was spoken to.
     *
     * @param tls version and cipher of the connection; empty when it was in clear
     * @param refusal why it was given no mail at all, if so: its own words, or what broke
     */
    record Contacted(MailId mail, Instant when, String server, Optional<String> tls, Optional<Reply> refusal)
            implements MailEvent {}

    /** What an attempt can come to. */
    enum Result {
        DELIVERED,
        RELAYED,
        DEFERRED,
        FAILED,
        FORWARDED
    }

    /**
     * Delivery to a recipient was tried.
     *
     * @param transport empty when none was needed to know
     * @param host who spoke; empty when it was this server
     * @param reply what was said
     */
    record Attempted(
            MailId mail,
            Instant when,
            Address recipient,
            String transport,
            String nextHop,
            String host,
            Result result,
            Reply reply)
            implements MailEvent {}

    /** It lies on a shelf of this server. @param format what the mailbox is kept in: {@code maildir}, {@code mbox} */
    record Shelved(
            MailId mail,
            Instant when,
            Address recipient,
            Address account,
            String mailbox,
            long uidValidity,
            long uid,
            String format)
            implements MailEvent {}

    /** It waits for another attempt. */
    record Waiting(MailId mail, Instant when, Instant until) implements MailEvent {}

    /** It waits for the time that its sender has set, RFC 4865; nothing was tried. */
    record Postponed(MailId mail, Instant when, Instant until) implements MailEvent {}

    /** It is not tried again for that recipient, though it might work later. */
    record GivenUp(MailId mail, Instant when, Address recipient) implements MailEvent {}

    /** Somebody is told of it by a mail of this server's own. @param what {@code failed}, {@code delayed}, {@code delivered}, {@code relayed} */
    record Reported(MailId mail, Instant when, MailId report, Address to, String what) implements MailEvent {}

    /** This mail is such a report. @param about the mail that it tells of */
    record Report(MailId mail, Instant when, MailId about, String what) implements MailEvent {}

    /** What people do with mail that waits. */
    enum Action {
        HELD,
        RELEASED,
        RETRIED,
        REMOVED
    }

    /** Somebody did something with it. @param by the command */
    record Handled(MailId mail, Instant when, Action action, String by) implements MailEvent {}
}
