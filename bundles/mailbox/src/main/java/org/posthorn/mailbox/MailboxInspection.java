package org.posthorn.mailbox;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.MailboxFormat;
import org.posthorn.api.mailbox.Shelf;
import org.posthorn.api.store.Damage;
import org.posthorn.api.store.Inspection;

/** Walks through the homes of accounts. An account that nobody uses is not opened for it, since that would mend what is to be told. */
record MailboxInspection(Accounts accounts, Inspection inspection) {

    void run() throws IOException {
        Optional<Address> one = inspection.account();
        if (one.isPresent()) {
            if (!Files.exists(accounts.homes().of(one.get()), LinkOption.NOFOLLOW_LINKS))
                throw new IllegalArgumentException(one.get() + " has no mailboxes");
            account(one.get().folded());
            return;
        }
        for (Path home : accounts.homes().all()) {
            Optional<Address> owner = accounts.homes().owner(home);
            if (owner.isPresent()) account(owner.get());
        }
    }

    private void account(Address account) throws IOException {
        Path home = accounts.homes().of(account);
        if (blocked(account, home)) return;
        Path indexes = AccountShelf.indexes(home, accounts.formatName(account));
        try (Lease<MailboxFormat> format = accounts.format(account)) {
            Optional<AccountShelf> inUse = accounts.inUse(account);
            Shelf shelf = inUse.isPresent() ? inUse.get().shelf() : format.get().shelf(home);
            List<String> names = new ArrayList<>(shelf.names());
            if (names.isEmpty()) return;
            accountFile(account, indexes.resolve(AccountFile.NAME));
            threads(account, indexes.resolve(Threads.NAME));
            Path access = Notes.access(home, accounts.formatName(account));
            notes(account, Notes.annotations(home, accounts.formatName(account)));
            notes(account, access);
            notes(account, Notes.keys(home, accounts.formatName(account)));
            grants(account, access);
            Collections.sort(names);
            boolean mended = false;
            for (String name : names) mended |= mailbox(account, shelf, name, indexes);
            // A mend may have made a mailbox for what it found.
            if (mended) for (String name : shelf.names()) if (!names.contains(name)) begin(account, name);
            left(account, shelf, indexes);
        }
    }

    /** Tells of what keeps mailboxes from being there or being made. @return whether there is nothing else to look at */
    private boolean blocked(Address account, Path home) throws IOException {
        if (!Files.exists(home, LinkOption.NOFOLLOW_LINKS)) return true;
        if (!Files.isDirectory(home)) {
            inspection.found(new Damage(
                    account.toString(), "its mailboxes cannot be used: " + home + " is no folder", "is left as it is"));
            return true;
        }
        try (DirectoryStream<Path> leadNowhere =
                Files.newDirectoryStream(home, p -> Files.isSymbolicLink(p) && !Files.exists(p))) {
            for (Path link : leadNowhere)
                inspection.found(new Damage(
                        account.toString(),
                        link + " leads to " + Files.readSymbolicLink(link) + ", where there is nothing",
                        "is left as it is"));
        }
        return false;
    }

    private void accountFile(Address account, Path file) throws IOException {
        if (new AccountFile(file).load() || accounts.still(account, () -> new AccountFile(file).load())) return;
        String wrong = Files.exists(file) ? "cannot be read" : "is missing";
        inspection.found(
                new Damage(
                        account.toString(),
                        "the file with subscriptions and counts " + wrong,
                        "is made anew: all mailboxes are subscribed, mod-sequences go on above any that was given"),
                () -> accounts.use(account, shelf -> {
                    shelf.save();
                    return shelf;
                }));
    }

    private void threads(Address account, Path file) throws IOException {
        if (ThreadFile.sound(file) || accounts.still(account, () -> ThreadFile.sound(file))) return;
        inspection.found(
                new Damage(
                        account.toString(),
                        "the file of threads is damaged",
                        "is written anew with what of it is sound; the rest is worked out when somebody asks"),
                () -> accounts.use(account, shelf -> {
                    shelf.threads().save();
                    return shelf;
                }));
    }

    private void notes(Address account, Path file) throws IOException {
        if (AnnotationFile.sound(file) || accounts.still(account, () -> AnnotationFile.sound(file))) return;
        inspection.found(
                new Damage(
                        account.toString(),
                        "the file of " + AnnotationFile.kind(file) + " is damaged",
                        "is written anew with what of it is sound"),
                () -> accounts.use(
                        account,
                        shelf -> shelf.alone(alone -> {
                            // What is in memory has come from a sound one.
                            alone.notes().save();
                            return alone;
                        })));
    }

    /** With whom it shares mailboxes who does not find them. */
    private void grants(Address account, Path access) throws IOException {
        for (String identifier : UserAccess.granted(AnnotationFile.entries(access), account))
            if (!accounts.grants().has(identifier, account))
                inspection.found(
                        new Damage(
                                account.toString(),
                                "shares mailboxes with " + identifier + ", who does not find them",
                                "it is noted among those who do"),
                        () -> accounts.grants().add(identifier, account));
    }

    private boolean mailbox(Address account, Shelf shelf, String name, Path indexes) throws IOException {
        Path index = AccountShelf.indexPath(indexes, name);
        try {
            return new BoxInspection(accounts, account, shelf, name, index, inspection).run();
        } catch (IOException e) {
            // It may have been deleted or renamed while it was looked at.
            if (!shelf.names().contains(name)) return false;
            inspection.found(
                    new Damage(account + " " + name, "it cannot be read: " + e.getMessage(), "is left as it is"));
            return false;
        }
    }

    /** One that nobody has opened yet. */
    private void begin(Address account, String name) throws IOException {
        accounts.use(
                account,
                shelf -> shelf.use(name, box -> {
                    box.with(b -> {
                        b.refresh();
                        return b;
                    });
                    Removal.force(box);
                    return box;
                }));
    }

    /** Indexes of mailboxes that are no longer there. */
    private void left(Address account, Shelf shelf, Path indexes) throws IOException {
        if (!Files.isDirectory(indexes)) return;
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(indexes, "*" + AccountShelf.INDEX)) {
            all.forEach(found::add);
        }
        for (Path index : found)
            if (isLeft(index, shelf, indexes) && accounts.still(account, () -> isLeft(index, shelf, indexes)))
                inspection.found(
                        new Damage(
                                account + " " + indexes.relativize(index),
                                "is the index of a mailbox that is no longer on the shelf",
                                "is deleted"),
                        () -> {
                            if (isLeft(index, shelf, indexes)) Files.deleteIfExists(index);
                        });
    }

    private static boolean isLeft(Path index, Shelf shelf, Path indexes) throws IOException {
        Set<Path> wanted = new HashSet<>();
        for (String name : shelf.names()) wanted.add(AccountShelf.indexPath(indexes, name));
        return Files.exists(index) && !wanted.contains(index);
    }
}
