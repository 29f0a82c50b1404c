package org.posthorn.jmap.mail;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.posthorn.api.mailbox.Account;
import org.posthorn.api.mailbox.Listed;
import org.posthorn.api.mailbox.Rights;
import org.posthorn.jmap.Reach;
import org.posthorn.jmap.Refusal;
import org.posthorn.jmap.SetError;

/** What is done to Mailboxes and the names of them, with what lies below. @param folders as they are */
record MailboxTree(Folders folders) {

    /** In JMAP a subscription is the mailbox's; in IMAP it is the name's, and stays behind: RFC 3501 6.3.9. */
    void rename(String from, String to, Undoing undoing) throws IOException {
        Account account = folders.account();
        Set<String> names = folders.subscribed().names();
        account.rename(from, to);
        undoing.add(() -> account.rename(to, from));
        for (String name : names)
            if (name.equals(from) || name.startsWith(from + ".")) {
                subscribe(to + name.substring(from.length()), undoing);
                unsubscribe(name, undoing);
            }
    }

    void subscribe(String name, Undoing undoing) throws IOException {
        folders.subscribed().add(name);
        undoing.add(() -> folders.subscribed().remove(name));
    }

    void unsubscribe(String name, Undoing undoing) throws IOException {
        folders.subscribed().remove(name);
        undoing.add(() -> folders.subscribed().add(name));
    }

    /** Below one that lets it, or at the top of one's own, RFC 4314 4. */
    void mayCreate(Optional<Folder> parent) throws Refusal {
        boolean may = parent.isPresent()
                ? parent.get().rights().has('k')
                : folders.reach().isOwn();
        if (!may) throw new Refusal(SetError.FORBIDDEN);
    }

    /** What lies below goes along, and must be his to take: what he does not see as well. */
    void mayRename(Folder folder, String to) throws Refusal, IOException {
        Reach reach = folders.reach();
        for (Listed listed : folders.account().list())
            if (listed.name().equals(folder.path()) || listed.name().startsWith(folder.path() + "."))
                if (listed.selectable() && !reach.rights(listed.name()).has('x')) throw new Refusal(SetError.FORBIDDEN);
        if (!above(to).map(rights -> rights.has('k')).orElse(reach.isOwn())) throw new Refusal(SetError.FORBIDDEN);
    }

    /** His rights in the nearest one above a name, whether he sees it or not. */
    private Optional<Rights> above(String path) throws IOException {
        for (int dot = path.lastIndexOf('.'); dot > 0; dot = path.lastIndexOf('.', dot - 1)) {
            String level = path.substring(0, dot);
            if (folders.account().mailbox(level).isPresent())
                return Optional.of(folders.reach().rights(level));
        }
        return Optional.empty();
    }
}
