package org.posthorn.imap.command;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.function.Function;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.HeaderField;
import org.posthorn.api.mail.Message;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.imap.MessageCache;
import org.posthorn.mime.HeaderBlock;
import org.posthorn.mime.MimeParser;
import org.posthorn.mime.Octets;
import org.posthorn.mime.Part;

/** A message that is read. What is known of it is read once, and only when somebody asks. */
class ReadMessage {

    private final MessageCache cache;
    private final Address user;
    private final Mailbox mailbox;
    private final long uidValidity;
    private final Entry entry;
    private long headerEnd = -1;
    private List<HeaderField> header;
    private Part structure;
    private Message message;

    /** @param user who calls the mailbox by its name */
    ReadMessage(MessageCache cache, Address user, Mailbox mailbox, long uidValidity, Entry entry) {
        this.cache = cache;
        this.user = user;
        this.mailbox = mailbox;
        this.uidValidity = uidValidity;
        this.entry = entry;
    }

    final Entry entry() {
        return entry;
    }

    final MessageCache.Key key() {
        return new MessageCache.Key(user, mailbox.name(), uidValidity, entry.uid());
    }

    /** @throws NoSuchFileException when another session or program was faster */
    final Message message() throws IOException {
        if (message == null)
            message = mailbox.message(entry.uid())
                    .orElseThrow(() -> new NoSuchFileException("the message with UID " + entry.uid()));
        return message;
    }

    final long size() throws IOException {
        return message().size();
    }

    final long headerEnd() throws IOException {
        if (headerEnd < 0) headerEnd = MimeParser.headerEnd(message());
        return headerEnd;
    }

    final List<HeaderField> header() throws IOException {
        if (header == null) header = message().header();
        return header;
    }

    /** What a section of that label picks from its header. */
    final String picked(String label, Function<List<HeaderField>, String> pick) throws IOException {
        return cache.fields(key(), label, () -> pick.apply(header()));
    }

    /** The header of a message in the message. */
    final List<HeaderField> header(Part part) throws IOException {
        try (InputStream in = message().open()) {
            in.skipNBytes(part.start());
            return HeaderBlock.read(in);
        }
    }

    final Part structure() throws IOException {
        if (structure == null) structure = cache.structure(key(), this::message);
        return structure;
    }

    /** So many octets of it from there. */
    final Octets octets(long from, long count) throws IOException {
        return Octets.of(message(), from, count);
    }
}
