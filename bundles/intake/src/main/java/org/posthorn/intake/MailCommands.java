package org.posthorn.intake;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.posthorn.api.intake.MailIntake;
import org.posthorn.api.intake.Submission;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.MailParameters;
import org.posthorn.api.mail.Origin;
import org.posthorn.api.mail.Recipient;
import org.posthorn.api.mail.Reply;
import org.posthorn.api.net.Sink;
import org.posthorn.api.shell.CommandLine;
import org.posthorn.api.shell.ShellCommand;
import org.posthorn.api.shell.ShellCommands;

/** Puts a mail in from the shell, as the administrator's own. */
@Component
public final class MailCommands implements ShellCommands {

    private final MailIntake intake;

    /** Into that. */
    @Activate
    public MailCommands(@Reference Intake intake) {
        this.intake = intake;
    }

    @Override
    public String scope() {
        return "mail";
    }

    @Override
    public List<ShellCommand> commands() {
        return List.of(new ShellCommand(
                "inject",
                "FILE --from ADDRESS --to ADDRESS,...",
                "Takes a mail from a file of the server; without --from it has the null sender.",
                this::inject));
    }

    private Object inject(CommandLine line) throws IOException {
        Path file = Path.of(line.word(0, "FILE"));
        if (!Files.isRegularFile(file)) throw new IllegalArgumentException(file + " is not there, or no plain file");
        Optional<Address> sender =
                line.option("from").filter(f -> !f.isEmpty() && !f.equals("<>")).map(Address::of);
        String to = line.option("to").orElseThrow(() -> new IllegalArgumentException("--to ADDRESS is missing"));
        intake.ready().toCompletableFuture().join();
        try (Submission mail = intake.begin(origin(sender));
                InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            positive(mail.sender(sender, MailParameters.NONE));
            for (String recipient : to.split(","))
                positive(mail.recipient(new Recipient(Address.of(recipient.strip()))));
            copy(in, mail.data());
            return positive(mail.finish()).text();
        }
    }

    /** The administrator counts as one who logged in. */
    private static Origin origin(Optional<Address> sender) throws IOException {
        Origin local = Origin.local(InetAddress.getLocalHost().getHostName());
        Address login = sender.orElse(new Address("postmaster", ""));
        return new Origin(
                local.protocol(),
                local.client(),
                local.helo(),
                Optional.of(login),
                local.tls(),
                local.server(),
                local.listener());
    }

    private static Reply positive(Reply reply) {
        if (!reply.positive()) throw new IllegalArgumentException(reply.toString());
        return reply;
    }

    /** Line ends become CRLF. */
    static void copy(InputStream in, Sink to) throws IOException {
        ByteBuffer some = ByteBuffer.allocate(8192);
        int last = 0;
        for (int octet = in.read(); octet >= 0; last = octet, octet = in.read()) {
            if (octet == '\n' && last != '\r') some.put((byte) '\r');
            some.put((byte) octet);
            if (some.remaining() < 2) {
                to.write(some.flip());
                some.clear();
            }
        }
        to.write(some.flip());
    }
}
