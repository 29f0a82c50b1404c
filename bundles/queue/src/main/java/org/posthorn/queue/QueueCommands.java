package org.posthorn.queue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.queue.QueueStore;
import org.posthorn.api.queue.QueuedMail;
import org.posthorn.api.shell.CommandLine;
import org.posthorn.api.shell.ShellCommand;
import org.posthorn.api.spool.Spool;

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
                new ShellCommand("show", "ID", "Shows a mail in the queue with each of its recipients.", this::show),
                new ShellCommand(
                        "retry", "ID|all", "Tries waiting mail now.", line -> change(line, "retried", this::now)),
                new ShellCommand(
                        "hold",
                        "ID|all",
                        "Holds mail until it is released.",
                        line -> change(line, "held", m -> held(m, true))),
                new ShellCommand(
                        "release",
                        "ID|all",
                        "Releases held mail, and tries it now.",
                        line -> change(line, "released", this::free)),
                new ShellCommand(
                        "remove",
                        "ID|all",
                        "Deletes mail; nobody is told.",
                        line -> change(line, "removed", m -> Optional.empty())));
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

    private String change(CommandLine line, String done, Change change) throws IOException {
        String which = line.word(0, "the queue id, or all,");
        int count = which.equals("all") ? changeAll(change) : changeOne(id(which), change);
        waits.wake();
        return count + (count == 1 ? " mail " : " mails ") + done;
    }

    private int changeAll(Change change) throws IOException {
        List<MailId> ids = new ArrayList<>();
        eachWaiting(mail -> ids.add(mail.id()));
        int count = 0;
        for (MailId id : ids) if (change(id, change)) count++;
        return count;
    }

    private int changeOne(MailId id, Change change) throws IOException {
        if (change(id, change)) return 1;
        if (engine.attempts().stream().noneMatch(a -> a.mail().id().equals(id)) && !waits(id)) throw unknown(id);
        throw new IllegalArgumentException(
                id + " cannot be changed so: it is being tried, or is so already, or is held and must be released");
    }

    private boolean waits(MailId id) throws IOException {
        try (Lease<QueueStore> store = store()) {
            return store.get().get(id).isPresent();
        }
    }

    /** @return false when it is gone, is in somebody's hands, or is what it shall become */
    private boolean change(MailId id, Change change) throws IOException {
        if (!engine.claim(id)) return false;
        try (Lease<QueueStore> store = store();
                Lease<Spool> spool =
                        engine.parts().spools().lease().orElseThrow(() -> new IOException("there is no spool"))) {
            Optional<QueuedMail> before = store.get().get(id);
            if (before.isEmpty()) return false;
            Optional<QueuedMail> after = change.of(before.get());
            if (after.equals(before)) return false;
            if (after.isPresent()) store.get().put(after.get());
            else {
                store.get().remove(id);
                spool.get().drop(id);
            }
            return true;
        } finally {
            engine.release(id);
        }
    }

    private Optional<QueuedMail> now(QueuedMail mail) {
        return Optional.of(
                mail.held() ? mail : Changed.next(mail, engine.clock().instant()));
    }

    private static Optional<QueuedMail> held(QueuedMail mail, boolean held) {
        return Optional.of(Changed.held(mail, held));
    }

    private Optional<QueuedMail> free(QueuedMail mail) {
        UnaryOperator<QueuedMail> due = m -> Changed.next(m, engine.clock().instant());
        return Optional.of(mail.held() ? due.apply(Changed.held(mail, false)) : mail);
    }

    private Lease<QueueStore> store() throws IOException {
        return Aftermath.store(engine.parts().stores(), engine.rules());
    }

    private static MailId id(String text) {
        String upper = text.toUpperCase(java.util.Locale.ROOT);
        if (!MailId.valid(upper)) throw new IllegalArgumentException(text + " is no queue id");
        return new MailId(upper);
    }

    private static IllegalArgumentException unknown(MailId id) {
        return new IllegalArgumentException("there is no mail " + id + " in the queue");
    }
}
