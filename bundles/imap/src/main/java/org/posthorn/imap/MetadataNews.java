package org.posthorn.imap;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.posthorn.api.mailbox.Annotations;
import org.posthorn.api.mailbox.MailboxFault;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which annotations others have set or removed, in whatever mailbox, for a client that has enabled METADATA: RFC 5464 4.4.2. */
public final class MetadataNews {

    private static final Logger LOG = LoggerFactory.getLogger(MetadataNews.class);

    private final Session session;
    /** The mod-sequence up to which the client knows; empty when it is not to be told. */
    private OptionalLong told = OptionalLong.empty();

    private long own;
    private boolean unreadable;

    MetadataNews(Session session) {
        this.session = session;
    }

    /** The client is to be told of what happens from now on. @return whether it will be */
    public boolean enable() {
        if (told.isPresent()) return true;
        try {
            resume(session.annotations().since(0).stream()
                    .mapToLong(Annotations.Change::modSeq)
                    .max()
                    .orElse(0));
        } catch (IOException broken) {
            unreadable(broken);
        }
        return told.isPresent();
    }

    /** It knows what happened up to that mod-sequence. */
    void resume(long modSeq) {
        told = OptionalLong.of(modSeq);
    }

    /** It is to be told of nothing. */
    void end() {
        told = OptionalLong.empty();
        own = 0;
    }

    OptionalLong told() {
        return told;
    }

    /** The client has made that change itself. */
    public void own(long modSeq) {
        own = modSeq;
    }

    /** Tells what has happened since the last time, under the lease that is held. */
    void tell() {
        if (told.isEmpty()) return;
        try {
            tell(session.annotations().since(told.getAsLong()));
            unreadable = false;
        } catch (IOException broken) {
            unreadable(broken);
        }
    }

    /** They could not be read. The log has that once, until they can be again: whoever enabled this looks with each command. */
    public void unreadable(IOException why) {
        if (unreadable) return;
        unreadable = true;
        boolean plain = why instanceof FileSystemException || why instanceof MailboxFault;
        String user = session.user().orElseThrow().toString();
        if (plain) LOG.error("Annotations of {} could not be read: {}", user, why.toString());
        else LOG.error("Annotations of {} could not be read", user, why);
    }

    /** Names, and no values. */
    private void tell(List<Annotations.Change> changes) {
        Map<String, List<String>> entries = new TreeMap<>();
        for (Annotations.Change change : changes) {
            resume(Math.max(told.getAsLong(), change.modSeq()));
            if (change.modSeq() != own && session.notifications().hearsMetadata(change.mailbox()))
                entries.computeIfAbsent(change.mailbox(), m -> new ArrayList<>())
                        .add(Text.astring(change.entry()));
        }
        entries.forEach((mailbox, names) ->
                session.untagged("METADATA " + session.dialect().mailbox(mailbox) + " " + String.join(" ", names)));
    }
}
