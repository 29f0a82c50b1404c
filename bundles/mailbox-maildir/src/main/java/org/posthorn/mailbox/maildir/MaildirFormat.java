package org.posthorn.mailbox.maildir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.posthorn.api.mailbox.MailboxFormat;
import org.posthorn.api.mailbox.Shelf;
import org.posthorn.api.mailbox.Subscriptions;

/** Keeps each account in {@code Maildir} under its home. */
@Component(property = "name=maildir")
public final class MaildirFormat implements MailboxFormat {

    /** Descriptors are few, and shared with all connections. */
    private static final int OPEN = 128;

    private final UniqueName names;
    private final OddFiles oddFiles = new OddFiles();
    private final OpenFiles openFiles = new OpenFiles(OPEN, System::nanoTime);

    @Activate
    public MaildirFormat() throws IOException {
        this(Clock.systemUTC(), host());
    }

    MaildirFormat(Clock clock, String host) {
        names = new UniqueName(clock, ProcessHandle.current().pid(), host);
    }

    private static String host() throws IOException {
        // The kernel's own word: asking for the local host's name may ask DNS.
        Path kernel = Path.of("/proc/sys/kernel/hostname");
        return Files.isReadable(kernel) ? Files.readString(kernel).strip() : "localhost";
    }

    @Deactivate
    void close() throws IOException {
        openFiles.close();
    }

    @Override
    public Shelf shelf(Path home) throws IOException {
        return new MaildirShelf(root(home), names, oddFiles, openFiles);
    }

    @Override
    public Optional<Subscriptions> subscriptions(Path home) {
        return Optional.of(new SubscriptionsFile(root(home)));
    }

    private static Path root(Path home) {
        return home.resolve("Maildir");
    }
}
