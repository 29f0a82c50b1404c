package org.posthorn.jmap.mail;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.posthorn.api.mailbox.Account;
import org.posthorn.api.mailbox.Listed;
import org.posthorn.api.mailbox.Rights;
import org.posthorn.jmap.Reach;
import org.posthorn.jmap.Refusal;
import org.posthorn.jmap.SetError;
import org.posthorn.jmap.Subscribed;

/** What is done to Mailboxes and the names of them, with what lies below. @param folders as they are */
record MailboxTree(Folders folders) {

    /** Of a subscription, to another name. */
    private record Move(Subscribed subscribed, String from, String to) {}

    /** In JMAP a subscription is the mailbox's; in IMAP it is the name's, and stays behind: RFC 3501 6.3.9. So that of its owner goes along whoever does it; those of other guests do by themselves. */
    void rename(String from, String to, Undoing undoing) throws IOException {
        Account account = folders.account();
        List<Move> moves = new ArrayList<>();
        for (Subscribed each : subscribed())
            for (String name : each.names())
                if (name.equals(from) || name.startsWith(from + "."))
                    moves.add(new Move(each, name, to + name.substring(from.length())));
        account.rename(from, to);
        undoing.add(() -> account.rename(to, from));
        for (Move move : moves) {
            subscribe(move.subscribed, move.to, undoing);
            unsubscribe(move.subscribed, move.from, undoing);
        }
    }

    /** To what he who does it is subscribed, and its owner. */
    private List<Subscribed> subscribed() throws IOException {
        Reach reach = folders.reach();
        if (reach.isOwn()) return List.of(folders.subscribed());
        return List.of(folders.subscribed(), Subscribed.of(new Reach(reach.store(), reach.owner(), reach.owner())));
    }

    void subscribe(String name, Undoing undoing) throws IOException {
        subscribe(folders.subscribed(), name, undoing);
    }

    private static void subscribe(Subscribed subscribed, String name, Undoing undoing) throws IOException {
        subscribed.add(name);
        undoing.add(() -> subscribed.remove(name));
    }

    void unsubscribe(String name, Undoing undoing) throws IOException {
        unsubscribe(folders.subscribed(), name, undoing);
    }

    private static void unsubscribe(Subscribed subscribed, String name, Undoing undoing) throws IOException {
        subscribed.remove(name);
        undoing.add(() -> subscribed.add(name));
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
