package org.posthorn.jmap;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.AccessList;
import org.posthorn.api.mailbox.Account;
import org.posthorn.api.mailbox.Annotations;
import org.posthorn.api.mailbox.Emails;
import org.posthorn.api.mailbox.Listed;
import org.posthorn.api.mailbox.MailboxFault;
import org.posthorn.api.mailbox.MailboxStore;
import org.posthorn.api.mailbox.Rights;
import org.posthorn.api.mailbox.SpecialUse;

/**
 * How far a user reaches in an account, his own or another one's: RFC 4314. What he may not look up or read is not there, whoever asks. Rights are those of this moment, each time. As
 * long as the lease of the store.
 */
public record Reach(MailboxStore store, Address owner, Address user) {

    /** By these something can be changed. */
    private static final String CHANGING = "swikxtea";

    private static final String LOOKED_UP = "l";
    /** Both: RFC 8621 2, mayReadItems. */
    private static final String READ = "lr";

    /** So many lists are looked at to tell what kind of account it is. */
    private static final int MOST = 1000;

    private static final int SIGHT_OCTETS = 6;

    /** Mailboxes in which he has these rights. */
    private record Having(Reach reach, String rights) implements Emails.Sight {

        @Override
        public SortedSet<String> mailboxes() throws IOException {
            return reach.having(rights);
        }

        @Override
        public boolean has(String mailbox) throws IOException {
            return reach.has(mailbox, rights);
        }
    }

    public boolean isOwn() {
        return owner.folded().equals(user.folded());
    }

    /** Of a mailbox by its full name, whether there is one or not. */
    public Rights rights(String mailbox) throws IOException {
        return store.access(owner).of(mailbox).of(user);
    }

    /** Those that he may look up, in order of name. Of another one's account nothing else is looked at. */
    public List<Listed> mailboxes() throws IOException {
        if (isOwn()) return account().list().stream().filter(Listed::selectable).toList();
        List<Listed> seen = new ArrayList<>();
        for (String name : having(LOOKED_UP))
            if (account().mailbox(name).isPresent()) seen.add(new Listed(name, true, false, use(name)));
        return seen;
    }

    private Optional<SpecialUse> use(String mailbox) throws IOException {
        try {
            String use = store.annotations(owner).of(mailbox).get(Annotations.SPECIAL_USE);
            return Stream.of(SpecialUse.values())
                    .filter(u -> ("\\" + u.mailbox()).equals(use))
                    .findFirst();
        } catch (MailboxFault goneOrNotKept) {
            return Optional.empty();
        }
    }

    /** All that the account has: for who has looked at the rights. */
    public Account account() throws IOException {
        return store.account(owner);
    }

    /** Its messages, as if there were no mailboxes but those that he may read. */
    public Emails emails() throws IOException {
        return isWhole() ? all() : store.emails(owner, new Having(this, READ));
    }

    /** As if there were none but those that he may look up. */
    public Emails lookedUp() throws IOException {
        return isOwn() ? all() : store.emails(owner, new Having(this, LOOKED_UP));
    }

    /** All: for what he himself has just put there. */
    public Emails all() throws IOException {
        return store.emails(owner);
    }

    /** Full names of those that he may read, in order. */
    public SortedSet<String> readable() throws IOException {
        return having(READ);
    }

    private SortedSet<String> having(String rights) throws IOException {
        SortedSet<String> having = new TreeSet<>();
        for (String name : isOwn() ? listed() : named()) if (has(name, rights)) having.add(name);
        return having;
    }

    private List<String> listed() throws IOException {
        return mailboxes().stream().map(Listed::name).toList();
    }

    /** On whose lists he or anyone stands: others give him nothing. */
    private SortedSet<String> named() throws IOException {
        SortedSet<String> named = new TreeSet<>(store.access(owner).mailboxes(AccessList.identifier(user)));
        named.addAll(store.access(owner).mailboxes(AccessList.ANYONE));
        return named;
    }

    private boolean has(String mailbox, String rights) throws IOException {
        return rights(mailbox).hasAll(rights);
    }

    /** Whether he reads all that there is: an owner may have taken that right from himself. Costs nothing where he has done so nowhere. */
    private boolean isWhole() throws IOException {
        if (!isOwn()) return false;
        String self = AccessList.identifier(owner);
        String taken = String.valueOf(AccessList.NEGATIVE);
        for (String identifier : List.of(self, taken + self, taken + AccessList.ANYONE))
            for (String name : store.access(owner).mailboxes(identifier)) if (!has(name, READ)) return false;
        return true;
    }

    /** Whether he may look up anything in it, as far as the first of many lists say. */
    boolean isAny() throws IOException {
        for (String name : first()) if (has(name, LOOKED_UP)) return true;
        return false;
    }

    /** Whether nothing in it can be changed by him, RFC 8620 2. Where he stands on very many lists each of them says so itself. */
    public boolean isReadOnly() throws IOException {
        if (isOwn()) return false;
        List<String> first = first();
        for (String name : first) if (has(name, LOOKED_UP) && rights(name).hasAny(CHANGING)) return false;
        return first.size() < MOST;
    }

    /** Each request of each user asks: nobody who shares very much may slow all down. */
    private List<String> first() throws IOException {
        return named().stream().limit(MOST).toList();
    }

    /**
     * What a state of Emails ends with: another one when he may read other mailboxes. Between two of these no changes can be told, as nobody knows any more what he saw before. Empty for
     * who reads all.
     */
    public String sightOfEmails() throws IOException {
        return isWhole()
                ? ""
                : sight(store.emails(owner, new Having(this, READ)).mailboxes().values());
    }

    /** What stands for all that somebody sees, in whatever order. */
    public static String sight(Collection<String> seen) {
        byte[] text = String.join(" ", seen.stream().sorted().toList()).getBytes(StandardCharsets.UTF_8);
        return "-" + HexFormat.of().formatHex(Id.digest(text), 0, SIGHT_OCTETS);
    }
}
