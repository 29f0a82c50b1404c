package org.posthorn.events;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Printable;
import org.posthorn.api.mail.Recipient;
import org.posthorn.api.queue.QueuedMail;
import org.posthorn.api.spool.Pending;

/**
 * Where a mail is for one recipient.
 *
 * @param state one word, for programs
 * @param words a sentence, for people
 */
record Now(String recipient, String state, String words) {

    /** By its story, held against the queue, the journal and the shelf. Of a mail without a story: by those alone. */
    static List<Now> of(Told story, Words words, Present present) {
        List<Fate> fates = Fates.of(story, words);
        boolean open = fates.isEmpty() || fates.stream().anyMatch(f -> open(f.state()));
        Look look = open ? look(story, words, present) : new Look(Optional.empty(), Optional.empty(), words, "");
        List<Now> all = new ArrayList<>();
        for (Fate fate : fates) all.add(look.at(fate, present));
        if (fates.isEmpty()) look.strangers(all);
        return all;
    }

    private static boolean open(Fate.State state) {
        return state == Fate.State.UNDERWAY || state == Fate.State.WAITING || state == Fate.State.HELD;
    }

    private static Look look(Told story, Words words, Present present) {
        try {
            Optional<QueuedMail> waiting = present.waiting(story.id());
            Optional<Pending> pending = waiting.isPresent() ? Optional.empty() : present.pending(story.id());
            return new Look(waiting, pending, words, "");
        } catch (IOException e) {
            return new Look(Optional.empty(), Optional.empty(), words, e.getMessage());
        }
    }

    private static Now of(Fate fate, String state, String how) {
        String through = fate.through().isEmpty() ? "" : fate.through().substring(2) + ": ";
        return new Now(fate.recipient().toString(), state, Printable.line(through + how));
    }

    private static Now of(Fate fate, String how) {
        return of(fate, fate.state().name().toLowerCase(java.util.Locale.ROOT), how);
    }

    /**
     * What the queue and the journal have of it.
     *
     * @param trouble why they could not be asked; empty when they were
     */
    private record Look(Optional<QueuedMail> waiting, Optional<Pending> pending, Words words, String trouble) {

        Now at(Fate fate, Present present) {
            return switch (fate.state()) {
                case COMING -> of(fate, "is on its way in; the client has not ended it");
                case REFUSED -> of(fate, "refused: " + fate.words());
                case SHELVED ->
                    of(
                            fate,
                            "lies in " + fate.words() + ", "
                                    + present.shelf(fate.shelf().orElseThrow()));
                case DELIVERED, GONE -> of(fate, fate.words());
                case FAILED -> of(fate, "failed: " + fate.words());
                case UNDERWAY, WAITING, HELD -> open(fate);
            };
        }

        private Now open(Fate fate) {
            Optional<Now> now = waiting.flatMap(q -> waiting(q, fate.recipient(), fate));
            if (now.isPresent()) return now.get();
            if (pending.isPresent()) return of(fate, "underway", "is safe in the journal, and in hand");
            String last = fate.words().isEmpty() ? "" : "; the last that is: " + fate.words();
            if (!trouble.isEmpty()) return of(fate, "cannot be looked for in the queue now (" + trouble + ")" + last);
            return of(fate, "unknown", "is in the queue no more, and nothing is written down of how it ended" + last);
        }

        private Optional<Now> waiting(QueuedMail queued, Address recipient, Fate fate) {
            List<Recipient> open = queued.envelope().recipients();
            for (int i = 0; i < open.size(); i++) {
                if (!open.get(i).address().folded().equals(recipient.folded())) continue;
                String state = queued.held() ? "held" : "waiting";
                return Optional.of(
                        of(fate, state, waits(queued, queued.attempts().get(i))));
            }
            return Optional.empty();
        }

        private String waits(QueuedMail queued, QueuedMail.Attempts attempts) {
            String when = queued.held()
                    ? "is held in the queue until somebody releases it"
                    : "waits in the queue until " + words.time(queued.next());
            if (queued.wished() && !queued.held()) return when + ", as its sender wishes";
            if (attempts.count() == 0) return when + ", not tried yet";
            String host = attempts.lastHost().isEmpty() ? "" : attempts.lastHost() + ": ";
            String times = attempts.count() == 1 ? "tried once" : "tried " + attempts.count() + " times";
            return when + ", " + times + "; the last time " + host + attempts.lastReply();
        }

        /** Of a mail whose story is lost. */
        void strangers(List<Now> all) {
            waiting.ifPresent(q -> q.envelope().recipients().forEach(r -> waiting(q, r.address(), Fate.of(r.address()))
                    .ifPresent(all::add)));
            pending.ifPresent(p -> p.mail()
                    .envelope()
                    .recipients()
                    .forEach(
                            r -> all.add(of(Fate.of(r.address()), "underway", "is safe in the journal, and in hand"))));
        }
    }
}
