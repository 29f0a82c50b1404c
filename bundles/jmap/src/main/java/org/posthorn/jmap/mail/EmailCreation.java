package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.HeaderField;
import org.posthorn.api.mail.Message;
import org.posthorn.api.mailbox.Copied;
import org.posthorn.api.mailbox.Email;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.api.mailbox.ObjectId;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.jmap.Blob;
import org.posthorn.jmap.Context;
import org.posthorn.jmap.Json;
import org.posthorn.jmap.MethodFault;
import org.posthorn.jmap.Refusal;
import org.posthorn.jmap.SetError;
import org.posthorn.mime.SentDate;
import org.posthorn.mime.Stash;
import org.posthorn.mime.StoredMessage;

/** Puts new Emails into mailboxes: drafts and messages that were uploaded. */
final class EmailCreation {

    /** Where a large message lies until its mailbox has it. */
    private static final Path FOLDER = Path.of(System.getProperty("java.io.tmpdir"));

    /** What is said of an Email that is copied. */
    private static final Set<String> COPIED = Set.of("id", "mailboxIds", "keywords", "receivedAt");

    private final Context context;
    private final Address account;
    private final MailView mail;
    private final Clock clock;

    EmailCreation(Context context, Address account, MailView mail, Clock clock) {
        this.context = context;
        this.account = account;
        this.mail = mail;
        this.clock = clock;
    }

    /** Makes the message that is described. @return what the server has set, RFC 8621 4.6 */
    ObjectNode draft(ObjectNode json) throws Refusal, IOException, MethodFault {
        Placing placing = placing(json);
        EmailDraft draft = EmailDraft.of(json);
        Instant received = received(json).orElse(clock.instant());
        check(draft.body().blobIds().toList());
        try (Stash stash = new Stash(FOLDER, "jmap-")) {
            new Composer(context, account, new BoundedStream(stash, longest())).write(draft, clock);
            return put(StoredMessage.of(stash.octets(0, stash.size())), placing, received);
        } catch (BoundedStream.Full large) {
            throw new Refusal(SetError.of("tooLarge", "It would have " + large.getMessage()));
        }
    }

    private Placing placing(ObjectNode json) throws Refusal, IOException {
        Placing placing = Placing.of(context, mail, json);
        mail.permit().create(placing);
        return placing;
    }

    /** In octets: attachments grow by more than a third, and texts to three times what they were. */
    private long longest() {
        return 3 * context.limits().uploadSize() / 2 + 3L * context.limits().requestSize();
    }

    /** Takes the message that a blob is: it came when it says so last, RFC 8621 4.8. @return what the server has set */
    ObjectNode imported(ObjectNode json) throws Refusal, IOException, MethodFault {
        Placing placing = placing(json);
        Optional<Instant> said = received(json);
        String id = json.path("blobId").textValue();
        try (Stash stash = new Stash(FOLDER, "jmap-")) {
            if (!copy(id, stash)) throw Refusal.of("blobId", "There is no blob " + id);
            StoredMessage message = StoredMessage.of(stash.octets(0, stash.size()));
            List<HeaderField> header = message.header();
            if (header.isEmpty()) throw new Refusal(SetError.of("invalidEmail", "It has no header"));
            Instant received = said.or(() -> lastHop(header)).orElse(clock.instant());
            return put(message, placing, received);
        }
    }

    /** Takes an Email of another account, with what is not said of it as it is there, RFC 8621 4.7. @return what the server has set */
    ObjectNode copied(MailView from, ObjectNode json) throws Refusal, IOException {
        for (Map.Entry<String, JsonNode> member : json.properties())
            if (!COPIED.contains(member.getKey()))
                throw Refusal.of(member.getKey(), "A copy cannot have another " + member.getKey());
        if (!json.path("id").isTextual()) throw Refusal.of("id", "id is missing");
        Email email = from.email(context.resolved(json.path("id").textValue()))
                .orElseThrow(() -> new Refusal(SetError.NOT_FOUND));
        ObjectNode wanted = json.deepCopy();
        if (!json.hasNonNull("keywords")) wanted.set("keywords", Metadata.set(Metadata.keywords(email)));
        Placing placing = placing(wanted);
        Instant received = received(json).orElse(Metadata.receivedAt(email));
        try {
            return put(from.message(email), placing, received);
        } catch (FileNotFoundException | NoSuchFileException gone) {
            throw new Refusal(SetError.NOT_FOUND);
        }
    }

    /** @return whether it is there */
    private boolean copy(String blobId, Stash to) throws IOException, MethodFault {
        Optional<Blob> blob = context.blob(account, blobId);
        if (blob.isEmpty()) return false;
        try (InputStream in = blob.get().open()) {
            in.transferTo(to);
        }
        return true;
    }

    /** What stands behind the semicolon of the first Received field. */
    private static Optional<Instant> lastHop(List<HeaderField> header) {
        return header.stream()
                .filter(f -> f.is("Received"))
                .findFirst()
                .flatMap(f -> SentDate.time(f.unfolded().substring(f.unfolded().lastIndexOf(';') + 1)));
    }

    /** All of them are there, and not too large together, each as often as it is used. */
    private void check(List<String> blobIds) throws Refusal, IOException, MethodFault {
        List<String> missing = new ArrayList<>();
        Map<String, Long> uses =
                blobIds.stream().collect(Collectors.groupingBy(id -> id, LinkedHashMap::new, Collectors.counting()));
        double size = 0;
        for (Map.Entry<String, Long> use : uses.entrySet()) {
            Optional<Blob> blob = context.blob(account, use.getKey());
            if (blob.isEmpty()) missing.add(use.getKey());
            else size += (double) blob.get().size().orElse(0) * use.getValue();
        }
        if (!missing.isEmpty()) throw new Refusal(SetError.blobNotFound(missing));
        if (size > context.limits().uploadSize()) throw new Refusal(SetError.TOO_LARGE);
    }

    /** Empty when nothing is said of it. */
    static Optional<Instant> received(ObjectNode json) throws Refusal {
        if (!json.hasNonNull("receivedAt")) return Optional.empty();
        try {
            return Optional.of(Values.date("receivedAt", json.get("receivedAt")));
        } catch (MethodFault none) {
            throw Refusal.of("receivedAt", "receivedAt is no date");
        }
    }

    /** Puts a message where it is to be, into all mailboxes or none. It is permitted now: while it was made his rights may have been taken away. */
    ObjectNode put(Message message, Placing placing, Instant received) throws IOException, Refusal {
        mail.permit().create(placing);
        Undoing undoing = new Undoing();
        try {
            return put(message, placing, received.truncatedTo(ChronoUnit.SECONDS), undoing);
        } catch (IOException | RuntimeException fault) {
            undoing.all(fault);
            throw fault;
        }
    }

    private ObjectNode put(Message message, Placing placing, Instant received, Undoing undoing) throws IOException {
        Iterator<String> names = placing.mailboxes().iterator();
        Mailbox first = mail.mailbox(names.next());
        Entry entry = first.append(message, placing.flags(), received);
        undoing.add(() -> first.expunge(UidSet.of(entry.uid())));
        while (names.hasNext()) {
            Mailbox other = mail.mailbox(names.next());
            Copied copied = first.copy(UidSet.of(entry.uid()), other);
            undoing.add(() -> other.expunge(UidSet.ofUids(copied.to().stream().mapToLong(Long::longValue))));
        }
        return created(first, entry);
    }

    private ObjectNode created(Mailbox mailbox, Entry entry) throws IOException {
        ObjectNode json = Json.NODES.objectNode().put("id", ObjectId.email(entry.emailId()));
        json.put("blobId", BlobIds.email(entry.emailId()));
        // Who was faster may have taken it away already.
        mail.thread(mailbox.name(), entry.uid()).ifPresent(thread -> json.put("threadId", ObjectId.thread(thread)));
        return json.put("size", entry.size());
    }
}
