package org.posthorn.jmap;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Message;
import org.posthorn.api.mailbox.Account;
import org.posthorn.api.mailbox.Email;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.api.mailbox.ObjectId;
import org.posthorn.mime.MimeParser;
import org.posthorn.mime.Part;
import org.posthorn.mime.TransferDecoding;

/**
 * Messages, by their EMAILID, and parts of these and of messages that were uploaded: {@code M0123456789abcdef} and {@code M0123456789abcdef-1_2}, numbered as by IMAP (RFC 3501 6.4.5),
 * each without its transfer encoding. Such an id holds as long as the message lies in any mailbox of the account, or its upload is there.
 */
final class MessageBlobs implements BlobSource {

    private static final Pattern ID = Pattern.compile("([MU][0-9a-f]{16,32})(?:-([0-9]{1,5}(?:_[0-9]{1,5}){0,60}))?");

    @Override
    public Optional<Blob> find(Context context, Address account, String id) throws IOException, MethodFault {
        Matcher matcher = ID.matcher(id);
        if (!matcher.matches()) return Optional.empty();
        String part = matcher.group(2);
        if (part != null) return part(context.blob(account, matcher.group(1)), part.split("_"));
        OptionalLong email = ObjectId.emailNumber(id);
        if (email.isEmpty()) return Optional.empty();
        return message(context.reach(account), email.getAsLong()).map(Whole::new);
    }

    private static Optional<Blob> part(Optional<Blob> message, String[] numbers) throws IOException {
        if (message.isEmpty()) return Optional.empty();
        try (InputStream in = message.get().open()) {
            return part(MimeParser.parse(in), numbers).map(part -> new Decoded(message.get(), part));
        }
    }

    private static Optional<Message> message(Reach reach, long number) throws IOException {
        Account mailboxes = reach.account();
        for (Email email : reach.emails().emails(Set.of(number)))
            for (Email.Place place : email.places()) {
                Optional<Mailbox> mailbox = mailboxes.mailbox(place.mailbox());
                if (mailbox.isEmpty()) continue;
                Optional<Message> message = mailbox.get().message(place.entry().uid());
                if (message.isPresent()) return message;
            }
        return Optional.empty();
    }

    private static Optional<Part> part(Part whole, String[] numbers) {
        Part at = whole;
        // The one part of a message that is no multipart has a number; there is none below it.
        boolean root = true;
        for (String text : numbers) {
            int number = Integer.parseInt(text);
            boolean opened = !root && at.isMessage();
            Part within = opened ? at.children().get(0) : at;
            if (within.isMultipart()
                    && number >= 1
                    && number <= within.children().size())
                at = within.children().get(number - 1);
            else if (!within.isMultipart() && number == 1 && (root || opened)) at = within;
            else return Optional.empty();
            root = false;
        }
        return Optional.of(at);
    }

    private record Whole(Message message) implements Blob {

        @Override
        public OptionalLong size() {
            return OptionalLong.of(message.size());
        }

        @Override
        public InputStream open() throws IOException {
            return message.open();
        }
    }

    private record Decoded(Blob message, Part part) implements Blob {

        @Override
        public OptionalLong size() {
            return TransferDecoding.changes(part.encoding()) ? OptionalLong.empty() : OptionalLong.of(part.octets());
        }

        @Override
        public InputStream open() throws IOException {
            InputStream in = message.open();
            try {
                in.skipNBytes(part.body());
                return TransferDecoding.of(new Slice(in, part.octets()), part.encoding());
            } catch (IOException | RuntimeException e) {
                in.close();
                throw e;
            }
        }
    }

    /** So many octets of a stream. */
    private static final class Slice extends FilterInputStream {
        private long left;

        Slice(InputStream in, long left) {
            super(in);
            this.left = left;
        }

        @Override
        public int read() throws IOException {
            return left-- > 0 ? in.read() : -1;
        }

        @Override
        public int read(byte[] into, int from, int most) throws IOException {
            if (left <= 0) return most == 0 ? 0 : -1;
            int n = in.read(into, from, (int) Math.min(most, left));
            if (n > 0) left -= n;
            return n;
        }

        @Override
        public boolean markSupported() {
            return false;
        }
    }
}
