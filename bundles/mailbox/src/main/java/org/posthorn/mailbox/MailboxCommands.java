package org.posthorn.mailbox;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.posthorn.api.lease.Succession;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.Listed;
import org.posthorn.api.mailbox.Status;
import org.posthorn.api.shell.CommandLine;
import org.posthorn.api.shell.ShellCommand;

/** {@code mailbox:list} and {@code mailbox:status}. */
record MailboxCommands(Succession<Accounts> ours) {

    /** A line of {@code mailbox:list}. */
    public record Line(String name, long messages, long unseen, long size, String use) {}

    List<ShellCommand> commands() {
        return List.of(
                new ShellCommand("list", "ADDRESS", "Shows the mailboxes of an account.", this::list),
                new ShellCommand(
                        "status",
                        "ADDRESS [MAILBOX]",
                        "Shows a mailbox in numbers; INBOX if none is named.",
                        this::status));
    }

    private UserAccount account(CommandLine line) throws IOException {
        String word = line.word(0, "the account's address");
        Address address =
                Address.parse(word).orElseThrow(() -> new IllegalArgumentException(word + " is not an address"));
        Accounts accounts = ours.get();
        // Looking must not make one.
        if (!Files.isDirectory(accounts.homes().of(address)))
            throw new IllegalArgumentException(
                    address + " has no mailboxes; they are made when its first mail or its owner comes");
        return new UserAccount(accounts, address);
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
