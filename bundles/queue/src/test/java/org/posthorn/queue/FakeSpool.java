package org.posthorn.queue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.Message;
import org.posthorn.api.spool.Incoming;
import org.posthorn.api.spool.Kept;
import org.posthorn.api.spool.KeptMail;
import org.posthorn.api.spool.Pending;
import org.posthorn.api.spool.ShelfNote;
import org.posthorn.api.spool.Spool;
import org.posthorn.mime.StoredMessage;

/** A spool in memory that says what is done to it. */
final class FakeSpool implements Spool, KeptMail {

    private final Happenings happenings;
    final List<Mail> committed = new ArrayList<>();
    final Map<MailId, Message> kept = new ConcurrentHashMap<>();
    final Map<MailId, Mail> notes = new ConcurrentHashMap<>();
    final Set<MailId> damaged = ConcurrentHashMap.newKeySet();
    final Set<MailId> unreadable = ConcurrentHashMap.newKeySet();
    List<Pending> pending = List.of();
    volatile boolean broken;
    /** Nothing is taken that needs room. */
    volatile boolean full;

    FakeSpool(Happenings happenings) {
        this.happenings = happenings;
    }

    @Override
    public Incoming begin() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        return new Incoming() {
            @Override
            public void write(ByteBuffer more) {
                while (more.hasRemaining()) bytes.write(more.get());
            }

            @Override
            public Message message() {
                return StoredMessage.of(bytes.toString(StandardCharsets.ISO_8859_1));
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public synchronized Mail commit(Incoming incoming, Mail draft) throws IOException {
        if (broken || full) throw new IOException("No space left on device");
        committed.add(draft);
        happenings.add("commit to " + draft.envelope().recipients().get(0).address());
        return draft;
    }

    @Override
    public void note(MailId id, ShelfNote note) {
        happenings.add("note " + id.number() + " " + note);
    }

    @Override
    public void settle(MailId id, Collection<Integer> recipients) {
        happenings.add("settle " + id.number() + " " + new TreeSet<>(recipients));
    }

    @Override
    public List<Pending> left() {
        return List.of();
    }

    @Override
    public List<Pending> replay() {
        return pending;
    }

    @Override
    public Message keep(Mail mail) throws IOException {
        if (broken) throw new IOException("No space left on device");
        if (mail.envelope().recipients().isEmpty()) {
            notes.computeIfPresent(mail.id(), (id, before) -> mail);
            happenings.add("nobody waits for " + mail.id().number());
            return mail.message();
        }
        if (full && !fewer(mail)) throw new IOException("No space left on device");
        if (inspect(mail.id()).over()) damaged.remove(mail.id());
        kept.put(mail.id(), mail.message());
        notes.put(mail.id(), mail);
        happenings.add("keep " + mail.id().number());
        return mail.message();
    }

    @Override
    public void noteAnew(Mail mail) throws IOException {
        if (broken || full) throw new IOException("No space left on device");
        damaged.remove(mail.id());
        notes.put(mail.id(), mail);
        happenings.add("note " + mail.id().number() + " anew");
    }

    private boolean fewer(Mail mail) {
        Mail before = notes.get(mail.id());
        return before != null
                && before.envelope().recipients().containsAll(mail.envelope().recipients());
    }

    @Override
    public Optional<Message> message(MailId id) {
        return Optional.ofNullable(kept.get(id));
    }

    @Override
    public List<MailId> all() {
        return List.copyOf(kept.keySet());
    }

    @Override
    public Kept inspect(MailId id) throws IOException {
        if (unreadable.contains(id)) throw new IOException("Input/output error");
        return new Kept(Optional.ofNullable(notes.get(id)), !damaged.contains(id));
    }

    @Override
    public void drop(MailId id) {
        kept.remove(id);
        notes.remove(id);
        happenings.add("drop " + id.number());
    }

    @Override
    public boolean room() {
        return true;
    }
}
