package org.posthorn.jmap.mail;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Message;
import org.posthorn.api.mailbox.Account;
import org.posthorn.api.mailbox.Email;
import org.posthorn.api.mailbox.Emails;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.IdChanges;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.api.mailbox.MailboxFault;
import org.posthorn.api.mailbox.MailboxStore;
import org.posthorn.api.mailbox.ObjectId;
import org.posthorn.api.mailbox.Rights;
import org.posthorn.api.mailbox.SpecialUse;
import org.posthorn.api.mailbox.Threaded;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.jmap.Context;
import org.posthorn.jmap.MethodError;
import org.posthorn.jmap.MethodFault;
import org.posthorn.jmap.Reach;

/** The Emails of one account for the time of one call. What has {@code \Deleted} is not there, RFC 8621 4.1.1. For one thread. */
final class MailView {

    /** Waits until all Emails of the account may be held in memory. */
    private interface Turn {
        void take() throws MethodFault;
    }

    private final Turn turn;
    private final Address owner;
    private final Reach reach;
    private final Account account;
    private final Emails emails;
    private final Digests digests;
    private final Map<Long, List<Email>> threads = new HashMap<>();
    private List<Email> all;
    private Map<String, String> mailboxes;
    private String sight;

    private MailView(Turn turn, Reach reach, Emails emails, Digests digests) throws IOException {
        this.turn = turn;
        this.owner = reach.owner();
        this.reach = reach;
        // The account is made with its first use, and emails tell of one that there is.
        this.account = reach.account();
        this.emails = emails;
        this.digests = digests;
    }

    static MailView of(Context context, Address owner, Digests digests) throws MethodFault, IOException {
        Reach reach = context.reach(owner);
        return new MailView(() -> digests.whole().take(context, owner), reach, reach.emails(), digests);
    }

    /** For no call of a client: for who looks at some Emails alone, and at all of their copies. @param store as long as it is leased */
    static MailView of(MailboxStore store, Address owner, Digests digests) throws IOException {
        Reach reach = new Reach(store, owner, owner);
        return new MailView(() -> {}, reach, reach.all(), digests);
    }

    /** How far changes have come; to be asked before anything else. */
    String state() throws IOException {
        return emails.state() + sight();
    }

    /** With which states end, {@link Reach#sightOfEmails}. */
    String sight() throws IOException {
        if (sight == null) sight = reach.sightOfEmails();
        return sight;
    }

    /** The mod-sequence that a state stands for. @throws MethodFault when it is none of this server, or one of who saw other mailboxes */
    long since(String state) throws MethodFault, IOException {
        return ChangeList.since(withoutSight(state));
    }

    /** The same of a state that may be one between two. */
    ChangeStep step(String state) throws MethodFault, IOException {
        return ChangeStep.of(withoutSight(state));
    }

    private String withoutSight(String state) throws MethodFault, IOException {
        if (!state.endsWith(sight())) throw new MethodFault(MethodError.CANNOT_CALCULATE_CHANGES);
        return state.substring(0, state.length() - sight().length());
    }

    /** How far the user reaches. */
    Reach reach() {
        return reach;
    }

    /** What the user may do to them. */
    Permit permit() {
        return new Permit(reach);
    }

    /** What the user may do there at this moment. */
    Rights rights(Mailbox mailbox) throws IOException {
        return reach.rights(mailbox.name());
    }

    Emails emails() {
        return emails;
    }

    Account account() {
        return account;
    }

    /** Those that there are, by id. */
    Map<String, Email> emails(Collection<String> ids) throws IOException {
        Set<Long> numbers = numbers(ids, ObjectId::emailNumber);
        Map<String, Email> found = new LinkedHashMap<>();
        for (Email email : emails.emails(numbers)) visible(email).ifPresent(e -> found.put(Metadata.id(e), e));
        return found;
    }

    Optional<Email> email(String id) throws IOException {
        return Optional.ofNullable(emails(Set.of(id)).get(id));
    }

    static Set<Long> numbers(Collection<String> ids, Function<String, OptionalLong> number) {
        return ids.stream()
                .map(number)
                .filter(OptionalLong::isPresent)
                .map(OptionalLong::getAsLong)
                .collect(Collectors.toSet());
    }

    /** All, oldest first. @throws MethodFault when other calls for the account keep theirs too long */
    List<Email> all() throws IOException, MethodFault {
        if (all == null) turn.take();
        return held();
    }

    private List<Email> held() throws IOException {
        if (all == null)
            all = emails.all().stream().flatMap(e -> visible(e).stream()).toList();
        return all;
    }

    /** Those that have a copy in the mailbox of that id, which there may be none of. */
    List<Email> within(String mailboxId) throws IOException {
        String name = mailboxes().get(mailboxId);
        if (name == null) return List.of();
        Set<Long> numbers = new HashSet<>();
        try {
            emails.mailbox(name, UidSet.ALL).forEach(t -> numbers.add(t.entry().emailId()));
        } catch (MailboxFault fault) {
            if (fault.kind() != MailboxFault.Kind.NONEXISTENT) throw fault;
            // Another session was faster: nothing is found there.
        }
        return emails.emails(numbers).stream().flatMap(e -> visible(e).stream()).toList();
    }

    /** Those of a thread, oldest first; for who has asked for {@link #all} before. */
    List<Email> thread(long number) throws IOException {
        if (threads.isEmpty())
            for (Email email : held())
                threads.computeIfAbsent(email.thread(), t -> new ArrayList<>()).add(email);
        return threads.getOrDefault(number, List.of());
    }

    /** Those of the threads with these ids, oldest first. */
    List<Email> inThreads(Collection<String> ids) throws IOException {
        return emails.threads(numbers(ids, ObjectId::threadNumber)).stream()
                .flatMap(e -> visible(e).stream())
                .toList();
    }

    /** Without places where it is deleted. */
    static Optional<Email> visible(Email email) {
        List<Email.Place> places = email.places().stream()
                .filter(p -> !p.entry().flags().has(Flags.DELETED))
                .toList();
        if (places.size() == email.places().size()) return Optional.of(email);
        return places.isEmpty() ? Optional.empty() : Optional.of(new Email(email.number(), email.thread(), places));
    }

    /** Which Emails changed since, {@link Emails#changes}: what has got {@code \Deleted} is gone. */
    Optional<IdChanges> changes(long since) throws IOException {
        Optional<IdChanges> all = emails.changes(since);
        return all.isEmpty()
                ? all
                : Optional.of(VisibleChanges.of(all.get(), hidden(all.get()).keySet()));
    }

    /** Which threads did: one of which all Emails have it is gone. */
    Optional<IdChanges> threadChanges(long since) throws IOException {
        Optional<IdChanges> all = emails.threadChanges(since);
        Optional<IdChanges> ofEmails = emails.changes(since);
        if (all.isEmpty() || ofEmails.isEmpty()) return Optional.empty();
        Map<Long, Long> left = new HashMap<>();
        Map<Long, Email> hidden = hidden(ofEmails.get());
        for (IdChanges.Change change : ofEmails.get().updated())
            if (hidden.containsKey(change.number()))
                left.merge(hidden.get(change.number()).thread(), change.modSeq(), Math::max);
        hidden.values().forEach(email -> left.putIfAbsent(email.thread(), 0L));
        Set<Long> empty = new HashSet<>(left.keySet());
        for (Email email : emails.threads(left.keySet())) if (visible(email).isPresent()) empty.remove(email.thread());
        return Optional.of(VisibleChanges.of(VisibleChanges.with(all.get(), left), empty));
    }

    /** Those created or updated that are not to be seen now, by number. */
    private Map<Long, Email> hidden(IdChanges changes) throws IOException {
        Set<Long> numbers = Stream.concat(changes.created().stream(), changes.updated().stream())
                .map(IdChanges.Change::number)
                .collect(Collectors.toSet());
        return emails.emails(numbers).stream()
                .filter(e -> visible(e).isEmpty())
                .collect(Collectors.toMap(Email::number, e -> e));
    }

    /** Full names by MAILBOXID of all that he may look up, as they were when they were first asked for. */
    Map<String, String> mailboxes() throws IOException {
        if (mailboxes == null) {
            mailboxes = new HashMap<>();
            reach.lookedUp().mailboxes().forEach((name, id) -> mailboxes.put(id, name));
        }
        return mailboxes;
    }

    /** Makes the mailbox for a use, and subscribes to it, as programs that show no others would not show it else. */
    void make(SpecialUse use) throws IOException {
        account.create(use.mailbox(), Optional.of(use));
        account.subscribe(use.mailbox());
        mailboxes = null;
    }

    /** @throws MailboxFault NONEXISTENT when another session or program was faster */
    Mailbox mailbox(String name) throws IOException {
        return account.mailbox(name)
                .orElseThrow(() -> new MailboxFault(MailboxFault.Kind.NONEXISTENT, "The mailbox has gone"));
    }

    /** The number of the thread of a message that was just put there; empty when another session was faster. */
    OptionalLong thread(String mailbox, long uid) throws IOException {
        return reach.all().mailbox(mailbox, UidSet.of(uid)).stream()
                .mapToLong(Threaded::thread)
                .findFirst();
    }

    ReadEmail read(Email email) {
        return new ReadEmail(BlobIds.email(email.number()), () -> message(email), digests.of(owner, email.number()));
    }

    /** Its octets, from the first place where they are. */
    Message message(Email email) throws IOException {
        for (Email.Place place : email.places()) {
            Optional<Mailbox> mailbox = account.mailbox(place.mailbox());
            Optional<Message> message = mailbox.isEmpty()
                    ? Optional.empty()
                    : mailbox.get().message(place.entry().uid());
            if (message.isPresent()) return message.get();
        }
        throw new NoSuchFileException("the message " + Metadata.id(email));
    }
}
