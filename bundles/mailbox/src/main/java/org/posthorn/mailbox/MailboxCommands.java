package org.posthorn.mailbox;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.posthorn.api.lease.Succession;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.AccessList;
import org.posthorn.api.mailbox.Listed;
import org.posthorn.api.mailbox.Quota;
import org.posthorn.api.mailbox.Rights;
import org.posthorn.api.mailbox.RightsChange;
import org.posthorn.api.mailbox.Status;
import org.posthorn.api.shell.CommandLine;
import org.posthorn.api.shell.ShellCommand;

/** {@code mailbox:list}, {@code mailbox:status}, {@code mailbox:quota}, {@code mailbox:create} and {@code mailbox:acl}. */
record MailboxCommands(Succession<Accounts> ours) {

    /** A line of {@code mailbox:list}. */
    public record Line(String name, long messages, long unseen, long size, String use) {}

    /** A line of {@code mailbox:quota}. */
    public record Held(String what, long used, String limit, String percent) {

        static Held of(String what, long used, long limit) {
            boolean limited = limit != Long.MAX_VALUE;
            String percent = limited ? String.format(Locale.ROOT, "%.0f", 100.0 * used / limit) : "";
            return new Held(what, used, limited ? Long.toString(limit) : "none", percent);
        }
    }

    /** A line of {@code mailbox:acl}. */
    public record Given(String identifier, String rights) {}

    List<ShellCommand> commands() {
        return List.of(
                new ShellCommand("list", "ADDRESS", "Shows the mailboxes of an account.", this::list),
                new ShellCommand(
                        "status",
                        "ADDRESS [MAILBOX]",
                        "Shows a mailbox in numbers; INBOX if none is named.",
                        this::status),
                new ShellCommand(
                        "quota",
                        "ADDRESS",
                        "Shows what an account holds and may hold, and how full it is.",
                        this::quota),
                new ShellCommand("create", "ADDRESS MAILBOX", "Makes a mailbox.", this::create),
                new ShellCommand(
                        "acl",
                        "ADDRESS MAILBOX [IDENTIFIER RIGHTS]",
                        "Shows who may do what with a mailbox, or gives an address or anyone rights: lrs, +s, -s, or none.",
                        this::acl));
    }

    private Object create(CommandLine line) throws IOException {
        UserAccount account = account(line);
        account.create(line.word(1, "the mailbox"), Optional.empty());
        return acl(line.words().get(1), new UserAccess(ours.get(), address(line)));
    }

    private Object acl(CommandLine line) throws IOException {
        Address address = address(line);
        String mailbox = line.word(1, "the mailbox");
        UserAccess access = new UserAccess(ours.get(), address);
        if (account(line).mailbox(mailbox).isEmpty())
            throw new IllegalArgumentException(
                    "there is no mailbox " + mailbox + "; mailbox:list shows those that there are");
        if (line.word(2).isPresent()) {
            String identifier = AccessList.identifier(line.word(2).get(), address)
                    .orElseThrow(() -> new IllegalArgumentException(
                            line.word(2).get() + " is neither an address nor anyone, nor one with a dash in front"));
            String word = line.word(3, "the rights: lrs, +s, -s, or none");
            access.change(mailbox, identifier, change(word));
        }
        return acl(mailbox, access);
    }

    private static UnaryOperator<Optional<Rights>> change(String word) {
        if (word.equals("none")) return before -> Optional.empty();
        RightsChange change = RightsChange.parse(word)
                .orElseThrow(() -> new IllegalArgumentException(
                        word + " has a letter that is no right; rights are " + Rights.ALL.letters()));
        return before -> Optional.of(change.apply(before.orElse(Rights.NONE)));
    }

    private static List<Given> acl(String mailbox, UserAccess access) throws IOException {
        return access.of(mailbox).entries().entrySet().stream()
                .map(e -> new Given(e.getKey(), e.getValue().letters()))
                .toList();
    }

    private Object quota(CommandLine line) throws IOException {
        Address address = address(line);
        Quota quota = ours.get().use(address, shelf -> shelf.counted().quota());
        return List.of(
                Held.of("octets", quota.used().octets(), quota.limit().octets()),
                Held.of("messages", quota.used().messages(), quota.limit().messages()));
    }

    private UserAccount account(CommandLine line) throws IOException {
        return new UserAccount(ours.get(), address(line));
    }

    private Address address(CommandLine line) throws IOException {
        String word = line.word(0, "the account's address");
        Address address =
                Address.parse(word).orElseThrow(() -> new IllegalArgumentException(word + " is not an address"));
        // Looking must not make one, but the one that administrators have named.
        if (!Files.isDirectory(ours.get().homes().of(address)) && !ours.get().isPublic(address))
            throw new IllegalArgumentException(
                    address + " has no mailboxes; they are made when its first mail or its owner comes");
        return address;
    }

    private Object list(CommandLine line) throws IOException {
        UserAccount account = account(line);
        List<Line> lines = new ArrayList<>();
        for (Listed listed : account.list()) {
            if (!listed.selectable()) continue;
            Status status = account.mailbox(listed.name()).orElseThrow().status();
            String use =
                    listed.use().map(u -> u.name().toLowerCase(Locale.ROOT)).orElse("");
            lines.add(new Line(listed.name(), status.messages(), status.unseen(), status.size(), use));
        }
        return lines;
    }

    private Object status(CommandLine line) throws IOException {
        String name = line.word(1).orElse(AccountShelf.INBOX);
        return account(line)
                .mailbox(name)
                .orElseThrow(() -> new IllegalArgumentException(
                        "there is no mailbox " + name + "; mailbox:list shows those that there are"))
                .status();
    }
}
