package org.posthorn.jmap.mail;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.lease.Leased;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.HeaderField;
import org.posthorn.api.mailbox.Email;
import org.posthorn.api.mailbox.IdChanges;
import org.posthorn.api.mailbox.MailboxStore;
import org.posthorn.jmap.ObjectLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the reports that came for what an account sent: of delivery (DSN, RFC 3464) by the envelope's id, of what was done with it (MDN, RFC 8098) by its Message-ID. The header is read of each mail that
 * has come since this was last done, but for the newest {@value #MOST} alone; after a start, of what has come since the oldest submission was made.
 */
record Reports(Leased<MailboxStore> stores, Digests digests) {

    private static final Logger LOG = LoggerFactory.getLogger(Reports.class);

    private static final int MOST = 500;

    /** What has come since this was last done. @param upTo the mod-sequence up to which that is all */
    private record Come(MailView view, List<Email> emails, long upTo) {}

    /** Takes in what there is of them. The account's outbox is locked by who calls. @throws IOException when that cannot be done now */
    void hear(Address account, AccountOutbox mine) throws IOException {
        each(account, mine, come -> {
            for (Email email : come.emails()) hear(mine, come.view().read(email));
            mine.heard(come.upTo());
        });
    }

    /** Whether one has come that is not taken in; where none has, nobody looks at that mail again. The same holds of the outbox. */
    boolean isAny(Address account, AccountOutbox mine) throws IOException {
        boolean[] any = new boolean[1];
        each(account, mine, come -> {
            any[0] =
                    come.emails().stream().anyMatch(email -> isMaybe(come.view().read(email)));
            if (!any[0]) mine.heard(come.upTo());
        });
        return any[0];
    }

    private interface Work {
        void on(Come come) throws IOException;
    }

    private void each(Address account, AccountOutbox mine, Work work) throws IOException {
        if (mine.submissions().size() == 0) return;
        try (Lease<MailboxStore> store = stores.lease().orElse(null)) {
            // To look at an account that is gone would make it anew.
            if (store != null && store.get().exists(account))
                work.on(come(mine, MailView.of(store.get(), account, digests)));
        }
    }

    private static Come come(AccountOutbox mine, MailView mail) throws IOException {
        long now = mail.emails().state();
        OptionalLong since = mine.heard() > 0 ? OptionalLong.of(mine.heard()) : first(mine.submissions());
        if (since.isEmpty() || since.getAsLong() == now) return new Come(mail, List.of(), now);
        // Not those of the view, for which all that came since are loaded.
        Optional<IdChanges> changes = mail.emails().changes(since.getAsLong());
        List<Email> emails = new ArrayList<>(mail.emails().emails(newest(changes)));
        emails.removeIf(email -> MailView.visible(email).isEmpty());
        return new Come(mail, emails, changes.map(IdChanges::state).orElse(now));
    }

    /** Of one that cannot be read that is told by who hears it. */
    private static boolean isMaybe(ReadEmail mail) {
        try {
            return isReport(mail.header());
        } catch (IOException | RuntimeException e) {
            return true;
        }
    }

    private static OptionalLong first(ObjectLog submissions) {
        return submissions.all().stream()
                .mapToLong(e -> new SubmissionRecord(e.object()).since())
                .filter(since -> since > 0)
                .min();
    }

    private static Set<Long> newest(Optional<IdChanges> changes) {
        List<IdChanges.Change> created = changes.map(IdChanges::created).orElse(List.of());
        Set<Long> newest = new HashSet<>();
        for (IdChanges.Change one : created.subList(Math.max(0, created.size() - MOST), created.size()))
            newest.add(one.number());
        return newest;
    }

    private static void hear(AccountOutbox mine, ReadEmail mail) throws IOException {
        Optional<UnaryOperator<SubmissionRecord>> report = report(mail);
        if (report.isEmpty()) return;
        for (ObjectLog.Entry entry : mine.submissions().all()) {
            SubmissionRecord before = new SubmissionRecord(entry.object());
            SubmissionRecord now = report.get().apply(before);
            if (now.equals(before)) continue;
            mine.submissions().put(entry.number(), now.json());
            mine.changed();
        }
    }

    /** What it makes of an EmailSubmission; empty when it is no report. One mail that cannot be read keeps no other from being heard. */
    private static Optional<UnaryOperator<SubmissionRecord>> report(ReadEmail mail) {
        try {
            if (!isReport(mail.header())) return Optional.empty();
            Optional<DsnReport> dsn = DsnReport.of(mail);
            if (dsn.isPresent()) return Optional.of(one -> one.heard(dsn.get(), mail.blobId()));
            Optional<MdnReport> mdn = MdnReport.of(mail);
            return mdn.map(report -> one -> one.heard(report, mail.blobId()));
        } catch (NoSuchFileException anotherSessionWasFaster) {
            return Optional.empty();
        } catch (IOException | RuntimeException e) {
            LOG.warn("{} cannot be read; if it is a report of what was sent, it is not heard", mail.blobId(), e);
            return Optional.empty();
        }
    }

    private static boolean isReport(Collection<HeaderField> header) {
        return header.stream()
                .anyMatch(f -> f.is("Content-Type")
                        && f.unfolded().strip().toLowerCase(Locale.ROOT).startsWith("multipart/report"));
    }
}
