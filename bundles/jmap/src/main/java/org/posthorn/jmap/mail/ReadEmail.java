package org.posthorn.jmap.mail;

import java.io.IOException;
import java.io.InputStream;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.posthorn.api.mail.HeaderField;
import org.posthorn.api.mail.Message;
import org.posthorn.mime.DecodedOctets;
import org.posthorn.mime.HeaderBlock;
import org.posthorn.mime.MimeParser;
import org.posthorn.mime.Octets;
import org.posthorn.mime.Part;
import org.posthorn.mime.PreviewText;
import org.posthorn.mime.TransferDecoding;

/** A message that is looked at. What is known of it is read once, and only when somebody asks. For one thread. */
final class ReadEmail {

    /** In characters, RFC 8621 4.1.4. */
    private static final int PREVIEW = 256;

    /** So many parts of a message are told of. With all that is told of each the lists of one that has them take a tenth of what an answer may. */
    static final int MOST_PARTS = 500;

    /** Where a message is to be had, if it must be read. */
    interface Source {
        /** @throws java.nio.file.NoSuchFileException when another session or program was faster */
        Message message() throws IOException;
    }

    /** Where what was found out once is kept. */
    interface Memory {
        /** Where nothing is. */
        Memory NONE = new Memory() {
            @Override
            public Optional<Digest> known() {
                return Optional.empty();
            }

            @Override
            public void keep(Digest digest) {
                // Nobody asks again.
            }
        };

        Optional<Digest> known();

        void keep(Digest digest);

        /** Whether it has an attachment, if that is known. */
        default Optional<Boolean> attachment() {
            return known().map(Digest::hasAttachment);
        }

        /** Keeps that alone, which is little: as a search finds it out of very many. */
        default void keepAttachment(boolean hasAttachment) {
            // Nobody asks again.
        }
    }

    private final Source source;
    private final Memory memory;
    private final String blobId;
    private final Map<Part, Long> sizes = new IdentityHashMap<>();
    private Message message;
    private List<HeaderField> header;
    private Part structure;
    private BodyPart body;
    private BodyLists lists;

    /** @param blobId what the message goes by; those of its parts are made of it */
    ReadEmail(String blobId, Source source, Memory memory) {
        this.source = source;
        this.memory = memory;
        this.blobId = blobId;
    }

    Message message() throws IOException {
        if (message == null) message = source.message();
        return message;
    }

    String blobId() {
        return blobId;
    }

    List<HeaderField> header() throws IOException {
        if (header == null) header = message().header();
        return header;
    }

    Part structure() throws IOException {
        if (structure == null) structure = MimeParser.parse(message(), MOST_PARTS);
        return structure;
    }

    BodyPart body() throws IOException {
        if (body == null) body = BodyPart.of(structure());
        return body;
    }

    BodyLists lists() throws IOException {
        if (lists == null) lists = BodyLists.of(body());
        return lists;
    }

    /** What lists of Emails show of it. */
    Digest digest() throws IOException {
        Optional<Digest> known = memory.known();
        if (known.isPresent()) return known.get();
        String preview = MailText.sound(PreviewText.of(message(), structure(), PREVIEW));
        Digest digest = new Digest(lists().hasAttachment(), preview);
        memory.keep(digest);
        return digest;
    }

    /** Whether somebody should be offered something to download. */
    boolean hasAttachment() throws IOException {
        Optional<Boolean> known = memory.attachment();
        if (known.isPresent()) return known.get();
        boolean found = lists().hasAttachment();
        memory.keepAttachment(found);
        return found;
    }

    /** The fields of a part's header. */
    List<HeaderField> header(BodyPart part) throws IOException {
        Part place = part.part();
        if (place.start() == 0) return header();
        try (InputStream in = Octets.of(message(), place.start(), place.body() - place.start())
                .open()) {
            return HeaderBlock.read(in);
        }
    }

    /** How many octets a part has without its transfer encoding; of an unknown one as it lies there. */
    long size(BodyPart part) throws IOException {
        String encoding = part.part().encoding();
        if (!TransferDecoding.changes(encoding)) return part.part().octets();
        Long known = sizes.get(part.part());
        if (known != null) return known;
        Octets octets = Octets.of(message(), part.part().body(), part.part().octets());
        long size = DecodedOctets.of(octets, encoding, DecodedOctets.measure(octets, encoding))
                .size();
        sizes.put(part.part(), size);
        return size;
    }

    /** The part of that number that is no multipart. */
    Optional<BodyPart> part(String partId) throws IOException {
        return body().leaves().filter(p -> p.partId().equals(partId)).findFirst();
    }
}
