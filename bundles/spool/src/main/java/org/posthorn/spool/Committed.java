package org.posthorn.spool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.posthorn.api.mail.HeaderField;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.Message;
import org.posthorn.api.spool.Pending;
import org.posthorn.api.spool.ShelfNote;
import org.posthorn.mime.StoredMessage;

/**
 * A mail that stands in the journal: where, and what is still open. All but the place is guarded by the journal's lock.
 */
final class Committed {

    /** A note, and the boot of the machine that it was written under. */
    record Noted(UUID boot, ShelfNote note) {}

    private final Mail mail;
    private final UUID boot;
    private final Optional<Path> large;
    private final long size;
    private final BitSet settled = new BitSet();
    private final List<Noted> notes = new ArrayList<>();
    private volatile Spot spot;
    private volatile boolean hurt;

    /** Where the record lies. {@code start}: behind its frame; {@code content}: where the message's octets begin, counted from there. */
    record Spot(Segment segment, long start, int length, int content) {}

    private Committed(Mail draft, UUID boot, Optional<Path> large, Message fixed, long size) {
        this.mail = draft.with(fixed != null ? fixed : StoredMessage.of(new Slice(this::place, size)));
        this.boot = boot;
        this.large = large;
        this.size = size;
    }

    /** One whose octets are part of the record. */
    static Committed small(Mail draft, UUID boot, long size) {
        return new Committed(draft, boot, Optional.empty(), null, size);
    }

    /** One whose octets are in a file, with what stands in front of them. */
    static Committed large(Mail draft, UUID boot, Path path, long size, List<HeaderField> trace) {
        Message message = StoredMessage.of(Slice.of(new Place(path, 0), size)).withTrace(trace);
        return new Committed(draft, boot, Optional.of(path), message, size);
    }

    private Place place() {
        Spot now = spot;
        return new Place(now.segment().path(), now.start() + now.content());
    }

    Mail mail() {
        return mail;
    }

    Optional<Path> large() {
        return large;
    }

    /** Whether its file, if it needs one, is there and as long as it was. */
    boolean whole() throws IOException {
        return large.isEmpty() || Files.exists(large.get()) && Files.size(large.get()) == size;
    }

    BitSet settled() {
        return settled;
    }

    List<Noted> notes() {
        return notes;
    }

    Spot spot() {
        return spot;
    }

    void at(Spot now) {
        spot = now;
    }

    /** Whether its record was found damaged while the journal was in use. */
    boolean hurt() {
        return hurt;
    }

    void foundHurt() {
        hurt = true;
    }

    boolean done() {
        return settled.cardinality() >= mail.envelope().recipients().size();
    }

    /** @throws IllegalArgumentException when there is no such recipient */
    int checked(int recipient) {
        if (recipient >= 0 && recipient < mail.envelope().recipients().size()) return recipient;
        throw new IllegalArgumentException("mail " + mail.id() + " has no recipient at " + recipient);
    }

    Pending pending(UUID now) {
        Set<Integer> done = settled.stream().boxed().collect(Collectors.toSet());
        return new Pending(mail, done, notes.stream().map(Noted::note).toList(), powerLost(now));
    }

    /** Whether the machine went down since something was written that is still open. */
    private boolean powerLost(UUID now) {
        boolean noted = false;
        for (Noted n : notes) {
            if (settled.get(n.note().recipient())) continue;
            if (!n.boot().equals(now)) return true;
            noted = true;
        }
        return !noted && !boot.equals(now);
    }
}
