package org.posthorn.imap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.posthorn.api.mailbox.Annotations;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which annotations others have set or removed, in whatever mailbox, for a client that has enabled METADATA: RFC 5464 4.4.2. */
public final class MetadataNews {

    private static final Logger LOG = LoggerFactory.getLogger(MetadataNews.class);

    private final Session session;
    /** The mod-sequence up to which the client knows; empty when it is not to be told. */
    private OptionalLong told = OptionalLong.empty();

    private long own;

    MetadataNews(Session session) {
        this.session = session;
    }

    /** The client is to be told of what happens from now on. */
    public void enable() throws IOException {
        if (told.isEmpty())
            resume(session.annotations().since(0).stream()
                    .mapToLong(Annotations.Change::modSeq)
                    .max()
                    .orElse(0));
    }

    /** It knows what happened up to that mod-sequence. */
    void resume(long modSeq) {
        told = OptionalLong.of(modSeq);
    }

    /** It is to be told of nothing. */
    void end() {
        told = OptionalLong.empty();
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
        } catch (IOException broken) {
            LOG.error("Annotations of {} could not be read", session.user().orElseThrow(), broken);
        }
    }

    /** Names, and no values. */
    private void tell(List<Annotations.Change> changes) {
        Map<String, List<String>> entries = new TreeMap<>();
        for (Annotations.Change change : changes) {
            resume(Math.max(told.getAsLong(), change.modSeq()));
            if (change.modSeq() != own)
                entries.computeIfAbsent(change.mailbox(), m -> new ArrayList<>())
                        .add(Text.astring(change.entry()));
        }
        entries.forEach((mailbox, names) ->
                session.untagged("METADATA " + session.dialect().mailbox(mailbox) + " " + String.join(" ", names)));
    }
}
