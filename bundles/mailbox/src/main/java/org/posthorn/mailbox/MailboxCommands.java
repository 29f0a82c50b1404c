package org.posthorn.mailbox;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.posthorn.api.lease.Succession;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.Listed;
import org.posthorn.api.mailbox.Quota;
import org.posthorn.api.mailbox.Status;
import org.posthorn.api.shell.CommandLine;
import org.posthorn.api.shell.ShellCommand;

/** {@code mailbox:list}, {@code mailbox:status} and {@code mailbox:quota}. */
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
                        this::quota));
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
        // Looking must not make one.
        if (!Files.isDirectory(ours.get().homes().of(address)))
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
