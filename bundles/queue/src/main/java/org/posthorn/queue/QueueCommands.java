package org.posthorn.queue;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.posthorn.api.events.MailEvent;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.mail.Envelope;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.Recipient;
import org.posthorn.api.queue.QueueStore;
import org.posthorn.api.queue.QueuedMail;
import org.posthorn.api.shell.CommandLine;
import org.posthorn.api.shell.ShellCommand;
import org.posthorn.api.spool.Kept;
import org.posthorn.api.spool.KeptMail;

/** What people do with the queue. Mail that is being tried at this moment is left alone, and the command says so. */
final class QueueCommands {

    private static final int PAGE = 200;

    /** A change of one waiting mail; empty takes it out. */
    private interface Change {
        Optional<QueuedMail> of(QueuedMail mail);
    }

    private final Engine engine;
    private final Waits waits;

    QueueCommands(Engine engine, Waits waits) {
        this.engine = engine;
        this.waits = waits;
    }

    List<ShellCommand> all() {
        return List.of(
                new ShellCommand("list", "", "Lists the mail in the queue.", this::list),
                new ShellCommand(
                        "show",
                        "ID",
                        "Shows a mail in the queue with each of its recipients. Attempts that were asked for count as none.",
                        this::show),
                new ShellCommand(
                        "retry",
                        "ID|all",
                        "Tries waiting mail now, but none that waits as its sender wishes.",
                        line -> change(line, MailEvent.Action.RETRIED, this::now)),
                new ShellCommand(
                        "hold",
                        "ID|all",
                        "Holds mail until it is released.",
                        line -> change(line, MailEvent.Action.HELD, m -> held(m, true))),
                new ShellCommand(
                        "release",
                        "ID|all",
                        "Releases held mail, and tries it now; so one that waits as its sender wishes, if it is named.",
                        line -> change(line, MailEvent.Action.RELEASED, this::released, this::free)),
                new ShellCommand(
                        "remove",
                        "ID|all",
                        "Deletes mail; nobody is told.",
                        line -> change(line, MailEvent.Action.REMOVED, m -> Optional.empty())));
    }

    private List<QueueLine> list(CommandLine line) throws IOException {
        List<QueueLine> lines = new ArrayList<>();
        Set<MailId> active = new HashSet<>();
        for (Attempt attempt : engine.attempts()) {
            active.add(attempt.mail().id());
            if (attempt.stored().isEmpty()) lines.add(QueueLine.of(attempt.shown(), true));
        }
        eachWaiting(mail -> lines.add(QueueLine.of(mail, active.contains(mail.id()))));
        new Strays(engine.parts(), engine.rules())
                .find()
                .forEach((store, mails) -> mails.forEach(mail -> lines.add(QueueLine.of(mail, "in " + store))));
        lines.sort(Comparator.comparing(QueueLine::id));
        return lines;
    }

    private interface Each {
        void take(QueuedMail mail) throws IOException;
    }

    private void eachWaiting(Each each) throws IOException {
        try (Lease<QueueStore> store = store()) {
            List<QueuedMail> page = store.get().list(Optional.empty(), PAGE);
            while (!page.isEmpty()) {
                for (QueuedMail mail : page) each.take(mail);
                page = store.get().list(Optional.of(page.get(page.size() - 1).id()), PAGE);
            }
        }
    }

    private Object show(CommandLine line) throws IOException {
        MailId id = id(line.word(0, "the queue id"));
        for (Attempt attempt : engine.attempts())
            if (attempt.mail().id().equals(id)) return QueueEntry.of(attempt.shown(), true);
        try (Lease<QueueStore> store = store()) {
            return QueueEntry.of(store.get().get(id).orElseThrow(() -> unknown(id)), false);
        }
    }

    private String change(CommandLine line, MailEvent.Action action, Change change) throws IOException {
        return change(line, action, change, change);
    }

    /** @param named what is done to one that somebody names @param amongAll what is done to each of all */
    private String change(CommandLine line, MailEvent.Action action, Change named, Change amongAll) throws IOException {
        String which = line.word(0, "the queue id, or all,");
        int count = which.equals("all") ? changeAll(action, amongAll) : changeOne(id(which), action, named);
        waits.wake();
        return count + (count == 1 ? " mail " : " mails ") + action.name().toLowerCase(Locale.ROOT);
    }

    private int changeAll(MailEvent.Action action, Change change) throws IOException {
        List<MailId> ids = new ArrayList<>();
        eachWaiting(mail -> ids.add(mail.id()));
        int count = 0;
        for (MailId id : ids) if (change(id, action, change)) count++;
        return count;
    }

    private int changeOne(MailId id, MailEvent.Action action, Change change) throws IOException {
        if (change(id, action, change)) return 1;
        if (engine.attempts().stream().noneMatch(a -> a.mail().id().equals(id)) && !waits(id)) throw unknown(id);
        throw new IllegalArgumentException(
                id
                        + " cannot be changed so: it is being tried, or is so already, or is held or waits as its sender wishes and must be released");
    }

    private boolean waits(MailId id) throws IOException {
        try (Lease<QueueStore> store = store()) {
            return store.get().get(id).isPresent();
        }
    }

    /** @return false when it is gone, is in somebody's hands, or is what it shall become */
    private boolean change(MailId id, MailEvent.Action action, Change change) throws IOException {
        if (!engine.claim(id)) return false;
        try (Lease<QueueStore> store = store();
                Lease<KeptMail> octets =
                        engine.parts().kept().lease().orElseThrow(() -> new IOException("there is no spool"))) {
            Optional<QueuedMail> before = store.get().get(id);
            if (before.isEmpty()) return false;
            Optional<QueuedMail> after = change.of(before.get());
            if (after.equals(before)) return false;
            if (action == MailEvent.Action.RELEASED) asItIs(octets.get(), before.get());
            if (after.isPresent()) store.get().put(after.get());
            else {
                nobodyWaits(octets.get(), before.get());
                store.get().remove(id);
                octets.get().drop(id);
            }
            Instant now = engine.clock().instant();
            engine.parts().narration().handled(id, action, "a command", now);
            return true;
        } finally {
            engine.release(id);
        }
    }

    /** Who releases damaged octets wants them sent: they are no longer held against what was noted. */
    private static void asItIs(KeptMail octets, QueuedMail mail) throws IOException {
        Kept kept = octets.inspect(mail.id());
        if (kept.whole() && !kept.over()) return;
        QueuedMail open = kept.over() ? mail : Waits.open(mail, kept);
        Optional<Mail> noted = noted(octets, mail, open.envelope().recipients());
        if (noted.isPresent()) octets.noteAnew(noted.get());
    }

    /** Notes it, forced: no start tries the mail again. */
    static void nobodyWaits(KeptMail octets, QueuedMail mail) throws IOException {
        Optional<Mail> noted = noted(octets, mail, List.of());
        if (noted.isPresent()) octets.keep(noted.get());
    }

    /** Who waits for the octets, if they are there. */
    private static Optional<Mail> noted(KeptMail octets, QueuedMail mail, List<Recipient> who) throws IOException {
        Envelope envelope = mail.envelope().with(who);
        return octets.message(mail.id())
                .map(m -> new Mail(mail.id(), mail.arrived(), mail.origin(), envelope, m, mail.junk()));
    }

    private Optional<QueuedMail> now(QueuedMail mail) {
        return Optional.of(
                mail.held() || mail.wished()
                        ? mail
                        : Changed.now(mail, engine.clock().instant()));
    }

    private static Optional<QueuedMail> held(QueuedMail mail, boolean held) {
        return Optional.of(Changed.held(mail, held));
    }

    /** What was held and waits as its sender wishes does so still when it is no longer held. */
    private Optional<QueuedMail> free(QueuedMail mail) {
        if (mail.held() && mail.wished()) return held(mail, false);
        if (mail.held())
            return Optional.of(
                    Changed.now(Changed.held(mail, false), engine.clock().instant()));
        return Optional.of(mail);
    }

    /** One that is named goes now, whatever its sender wishes. */
    private Optional<QueuedMail> released(QueuedMail mail) {
        return mail.wished() && !mail.held()
                ? Optional.of(Changed.released(mail, engine.clock().instant()))
                : free(mail);
    }

    private Lease<QueueStore> store() throws IOException {
        return Aftermath.store(engine.parts().stores(), engine.rules());
    }

    private static MailId id(String text) {
        String upper = text.toUpperCase(Locale.ROOT);
        if (!MailId.valid(upper)) throw new IllegalArgumentException(text + " is no queue id");
        return new MailId(upper);
    }

    private static IllegalArgumentException unknown(MailId id) {
        return new IllegalArgumentException("there is no mail " + id + " in the queue");
    }
}
