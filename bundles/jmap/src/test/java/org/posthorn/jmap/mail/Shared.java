package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.AccessList;
import org.posthorn.api.mailbox.Account;
import org.posthorn.api.mailbox.Emails;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.FlagChange;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.api.mailbox.MailboxStore;
import org.posthorn.api.mailbox.ObjectId;
import org.posthorn.api.mailbox.Rights;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.jmap.Calls;
import org.posthorn.jmap.Capability;
import org.posthorn.jmap.Id;
import org.posthorn.mailbox.RealMailboxes;
import org.posthorn.mime.Octets;
import org.posthorn.mime.StoredMessage;

/** Three users with real mailboxes: Alice shares some of hers with Bob and fewer with Carol; and there are public ones. */
final class Shared implements AutoCloseable {

    static final String ALICE = "alice@example.org";
    static final String BOB = "bob@example.org";
    static final String CAROL = "carol@example.org";
    static final String PUBLIC = "public@example.org";

    private final RealMailboxes mailboxes;
    final ShareNotifications notifications;
    final Calls alice;
    final Calls bob;
    final Calls carol;

    Shared(Path folder, Capability... more) throws IOException {
        mailboxes = new RealMailboxes(folder.resolve("mail"), PUBLIC);
        notifications = new ShareNotifications(folder.resolve("data"), Clock.systemUTC());
        mailboxes.listen(notifications);
        alice = calls(ALICE, folder.resolve("uploads"), more);
        bob = calls(BOB, folder.resolve("uploads"), more);
        carol = calls(CAROL, folder.resolve("uploads"), more);
        for (String user : new String[] {ALICE, BOB, CAROL}) account(user).list();
    }

    private Calls calls(String user, Path folder, Capability... more) {
        Snoozes snoozes = new Snoozes(folder, Clock.systemUTC());
        return new Calls(store(), Address.of(user), folder, snoozes, notifications, more);
    }

    MailboxStore store() {
        return mailboxes.store();
    }

    Account account(String owner) throws IOException {
        return store().account(Address.of(owner));
    }

    Emails emails(String owner) throws IOException {
        return store().emails(Address.of(owner));
    }

    /** Makes it, if it is not there. */
    Mailbox mailbox(String owner, String name) throws IOException {
        if (account(owner).mailbox(name).isEmpty()) account(owner).create(name, Optional.empty());
        return account(owner).mailbox(name).orElseThrow();
    }

    String mailboxId(String owner, String name) throws IOException {
        return emails(owner).mailboxes().get(name);
    }

    void share(String owner, String name, String whom, String rights) throws IOException {
        mailbox(owner, name);
        Optional<Rights> given = rights.isEmpty() ? Optional.empty() : Rights.parse(rights);
        store().access(Address.of(owner)).change(name, AccessList.identifier(Address.of(whom)), before -> given);
    }

    /** @return its EMAILID */
    String add(String owner, String name, String subject) throws IOException {
        return add(owner, name, subject, "");
    }

    /** @param fields more of the header, whole lines */
    String add(String owner, String name, String subject, String fields) throws IOException {
        String text =
                "From: x@example.net\r\nSubject: " + subject + "\r\n" + fields + "\r\nThe text of " + subject + "\r\n";
        StoredMessage message = StoredMessage.of(Octets.of(text.getBytes(StandardCharsets.UTF_8)));
        Entry entry = mailbox(owner, name).append(message, Flags.NONE, Instant.parse("2026-01-01T00:00:00Z"));
        return ObjectId.email(entry.emailId());
    }

    /** Adds and removes flags of one copy. */
    void flag(String owner, String name, String email, FlagChange.Kind kind, String... flags) throws IOException {
        FlagChange change = new FlagChange(kind, Keywords.flags(new TreeSet<>(Set.of(flags))));
        mailbox(owner, name).store(uid(owner, name, email), change, OptionalLong.empty());
    }

    /** The keywords that one copy has. */
    Set<String> keywords(String owner, String name, String email) throws IOException {
        return Keywords.of(
                mailbox(owner, name).entries(uid(owner, name, email)).get(0).flags());
    }

    void copy(String owner, String from, String email, String to) throws IOException {
        mailbox(owner, from).copy(uid(owner, from, email), mailbox(owner, to));
    }

    void move(String owner, String from, String email, String to) throws IOException {
        mailbox(owner, from).move(uid(owner, from, email), mailbox(owner, to));
    }

    UidSet uid(String owner, String name, String email) throws IOException {
        return UidSet.ofUids(mailbox(owner, name).entries(UidSet.ALL).stream()
                .filter(entry -> ObjectId.email(entry.emailId()).equals(email))
                .mapToLong(Entry::uid));
    }

    /** The names of those of its places that the owner sees. */
    Set<String> places(String owner, String email) throws IOException {
        Set<String> names = new TreeSet<>();
        emails(owner).emails(Set.of(ObjectId.emailNumber(email).orElseThrow())).forEach(e -> e.places()
                .forEach(p -> names.add(p.mailbox())));
        return names;
    }

    /** The arguments of the response of a call in that account. */
    static JsonNode in(String owner, Calls who, String method, String arguments) throws IOException {
        return who.of(owner, method, arguments.replace('\'', '"')).at("/0/1");
    }

    static String id(String owner) {
        return Id.account(Address.of(owner));
    }

    @Override
    public void close() {
        notifications.close();
        mailboxes.close();
    }
}
