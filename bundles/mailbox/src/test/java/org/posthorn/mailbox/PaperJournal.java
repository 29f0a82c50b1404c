package org.posthorn.mailbox;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.spool.Incoming;
import org.posthorn.api.spool.Pending;
import org.posthorn.api.spool.ShelfNote;
import org.posthorn.api.spool.Spool;
import org.posthorn.testkit.disk.Disk;
import org.posthorn.testkit.disk.PowerCut;

/** A journal that marks on a disk what it is told, so that after a power cut it is known what it would have remembered. */
record PaperJournal(Disk disk) implements Spool {

    @Override
    public synchronized void note(MailId id, ShelfNote note) {
        boolean lazy = note instanceof ShelfNote.Shelved;
        disk.mark(lazy ? new Facts.Lazy(id, List.of(note), false) : new Facts.Forced(id, note));
    }

    @Override
    public synchronized void settle(MailId id, Collection<Integer> recipients) {
        disk.mark(new Facts.Lazy(id, List.of(), true));
    }

    /** What is open after the cut: all that was forced is known, and of what came behind as much as is drawn. */
    static List<Pending> left(PowerCut cut) {
        List<Object> known = known(cut.told(), cut.lot());
        List<Pending> open = new ArrayList<>();
        for (Facts.Accepted accepted : cut.told(Facts.Accepted.class)) {
            MailId id = accepted.mail().id();
            List<ShelfNote> notes = new ArrayList<>();
            Set<Integer> settled = new HashSet<>();
            for (Object each : known) {
                if (each instanceof Facts.Forced f && f.id().equals(id)) notes.add(f.note());
                if (each instanceof Facts.Lazy l && l.id().equals(id)) notes.addAll(l.notes());
                if (each instanceof Facts.Lazy l && l.id().equals(id) && l.settled()) settled.add(0);
            }
            if (settled.isEmpty()) open.add(new Pending(accepted.mail(), settled, notes, cut.machine()));
        }
        return open;
    }

    private static List<Object> known(List<Object> told, Random lot) {
        int forced = 0;
        for (int i = 0; i < told.size(); i++)
            if (told.get(i) instanceof Facts.Forced || told.get(i) instanceof Facts.Accepted) forced = i + 1;
        return told.subList(0, forced + lot.nextInt(told.size() - forced + 1));
    }

    @Override
    public Incoming begin() throws IOException {
        throw new UnsupportedOperationException();
    }

    @Override
    public Mail commit(Incoming incoming, Mail draft) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Pending> left() {
        return List.of();
    }

    @Override
    public List<Pending> replay() {
        return List.of();
    }

    @Override
    public boolean room() {
        return true;
    }
}
