package org.posthorn.mailbox.mbox;

import java.io.IOException;
import java.nio.file.Path;
import org.osgi.service.component.annotations.Component;
import org.posthorn.api.mailbox.MailboxFormat;
import org.posthorn.api.mailbox.Shelf;

/** Keeps each account in {@code mbox} and {@code mail/<folder>} under its home. */
@Component(property = "name=mbox")
public final class MboxFormat implements MailboxFormat {

    private final OpenFiles files = new OpenFiles();

    @Override
    public Shelf shelf(Path home) throws IOException {
        return new MboxShelf(home, files);
    }
}
