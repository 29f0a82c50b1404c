package org.posthorn.imap.command;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.posthorn.api.mail.HeaderField;
import org.posthorn.api.mail.Message;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.imap.MessageCache;
import org.posthorn.imap.Selection;
import org.posthorn.imap.Session;
import org.posthorn.mime.EncodedWords;
import org.posthorn.mime.MailAddress;
import org.posthorn.mime.Needle;
import org.posthorn.mime.Octets;
import org.posthorn.mime.Part;
import org.posthorn.mime.PlainSubject;
import org.posthorn.mime.SentDate;
import org.posthorn.mime.StoredMessage;
import org.posthorn.mime.TextSearch;

/** A message that a search looks at; read only as far as it must be. One that is gone holds nothing. */
final class Candidate {

    /** Up to this size, in octets, a message whose text is looked at is read once as a whole. */
    private static final int SMALL = 1 << 16;

    private final Session session;
    private final Mailbox mailbox;
    private final Selection view;
    private final Entry entry;
    private final List<Needle> texts;
    private Optional<Message> message;
    private List<HeaderField> header;
    private List<Needle> notInText;

    /**
     * @param view of that mailbox
     * @param texts all that may be asked of its text, which is read once for them
     */
    Candidate(Session session, Mailbox mailbox, Selection view, Entry entry, List<Needle> texts) {
        this.session = session;
        this.mailbox = mailbox;
        this.view = view;
        this.entry = entry;
        this.texts = texts;
    }

    Entry entry() {
        return entry;
    }

    /** The number of its THREADID. @param threads of the messages that are looked at */
    OptionalLong thread(ThreadIds threads) throws IOException {
        return threads.of(session.account(), mailbox, entry.uid());
    }

    /** Another message of the mailbox, if it is there. */
    Optional<Candidate> other(long uid) throws IOException {
        return mailbox.entries(UidSet.of(uid)).stream()
                .map(e -> new Candidate(session, mailbox, view, e, List.of()))
                .findFirst();
    }

    /** Whether it was not there any more when it was read. */
    boolean isGone() {
        return message != null && message.isEmpty();
    }

    boolean recent() {
        return view.recent(entry.uid());
    }

    LocalDate received() {
        return LocalDate.ofInstant(entry.internalDate(), ZoneOffset.UTC);
    }

    LocalDate saved() {
        return LocalDate.ofInstant(entry.saved(), ZoneOffset.UTC);
    }

    private Optional<Message> message() throws IOException {
        if (message != null) return message;
        message = mailbox.message(entry.uid());
        if (!texts.isEmpty() && message.isPresent() && message.get().size() <= SMALL)
            message = Optional.of(inMemory(message.get()));
        return message;
    }

    private static Message inMemory(Message message) throws IOException {
        try (InputStream in = message.open()) {
            return StoredMessage.of(Octets.of(in.readAllBytes()));
        }
    }

    List<HeaderField> header() throws IOException {
        if (header == null) header = message().isPresent() ? message().get().header() : List.of();
        return header;
    }

    /** The first field of that name, unfolded. */
    Optional<String> field(String name) throws IOException {
        return header().stream().filter(f -> f.is(name)).findFirst().map(HeaderField::unfolded);
    }

    /** The day in its Date field, whatever the time zone. */
    Optional<LocalDate> sent() throws IOException {
        return field("Date").flatMap(SentDate::read);
    }

    /** When it was written or, if it does not say, when it came: RFC 5256 2.2. */
    Instant sentTime() throws IOException {
        return field("Date").flatMap(SentDate::time).orElse(entry.internalDate());
    }

    PlainSubject subject() throws IOException {
        return PlainSubject.of(EncodedWords.decode(field("Subject").orElse("")));
    }

    /** The first address in the field of that name. */
    Optional<MailAddress> first(String name) throws IOException {
        return field(name).flatMap(f -> MailAddress.list(f).stream().findFirst());
    }

    /** Whether these words are in its body or, if wanted, its header. */
    boolean holds(Needle words, boolean inHeader) throws IOException {
        if (inHeader && header().stream().anyMatch(f -> words.in(TextSearch.whole(f)))) return true;
        if (message().isEmpty()) return false;
        if (notInText == null) notInText = TextSearch.missing(message().get(), structure(), texts);
        return !notInText.contains(words);
    }

    private Part structure() throws IOException {
        MessageCache.Key key =
                new MessageCache.Key(session.user().orElseThrow(), view.name(), view.uidValidity(), entry.uid());
        return session.services().cache().structure(key, () -> message().orElseThrow());
    }
}
