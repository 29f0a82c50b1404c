package org.posthorn.mailbox;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mailbox.Draft;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.MailboxFault;
import org.posthorn.api.mailbox.Placed;
import org.posthorn.api.mailbox.SentMail;
import org.posthorn.api.mailbox.SpecialUse;
import org.posthorn.api.mailbox.UidSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an account has sent lies in it once. Of two copies the client's stays: it may have a Bcc, and its flags and date are the client's wish. Each is remembered
 * when it is safe, and whoever comes second sees the first: so nobody waits for anybody, and a crash leaves two at worst, never none.
 *
 * @param wanted whether anything is filed for this account
 */
record Sent(AccountShelf account, SentMemory memory, boolean wanted) {

    private static final Logger LOG = LoggerFactory.getLogger(Sent.class);
    /** What lies there is not sent, or not any more. */
    private static final Set<SpecialUse> OTHERS = Set.of(SpecialUse.DRAFTS, SpecialUse.JUNK, SpecialUse.TRASH);
    /** What came longer ago, as its client says, is not about to be sent. */
    private static final Duration OLD = Duration.ofDays(1);

    /** The mailbox for it, if there is one. */
    Optional<String> mailbox() throws IOException {
        List<String> named;
        synchronized (account) {
            named = account.file().uses.entrySet().stream()
                    .filter(e -> e.getValue() == SpecialUse.SENT)
                    .map(e -> e.getKey())
                    .toList();
        }
        for (String name : named) if (account.exists(name)) return Optional.of(name);
        return Optional.empty();
    }

    /** What a mailbox is for. */
    Optional<SpecialUse> use(String mailbox) {
        synchronized (account) {
            return Optional.ofNullable(account.file().uses.get(mailbox));
        }
    }

    // ---- this server's copy

    /**
     * A mail on its way.
     *
     * @param print by what its copies are known
     * @param body of two mails that a program has sent under one Message-ID neither is a copy of the other
     */
    record Mailing(SentMail sent, String print, String body) {
        static Mailing of(SentMail sent) throws IOException {
            return new Mailing(
                    sent, SentPrint.of(sent), SentPrint.body(sent.mail().message()));
        }

        /** What has no Message-ID is not taken for a mail that was sent before: programs send the same text again and again. */
        boolean isAt(SentMemory.Place place) {
            return place.mayBe(body) && (sent.identified() || !place.filed());
        }
    }

    /** Whether a copy of it is there, so that none is filed. */
    boolean has(Mailing mailing) throws IOException {
        Optional<SentMemory.Place> there =
                memory.last(account.address(), mailing.print()).filter(mailing::isAt);
        return there.isPresent() && stands(there.get()) && note(mailing, there, there.get());
    }

    /** Files it there, unless a copy has come meanwhile. */
    Optional<Placed> file(Mailing mailing, String mailbox) throws IOException {
        return account.use(mailbox, box -> {
            Mail mail = mailing.sent().mail();
            // Asked before: behind the filing nothing may fail, or it is filed once more.
            long validity = box.with(b -> b.index().uidValidity());
            Entry entry = new Arrival(box).durable(new Draft(mail.message(), Flags.of(Flags.SEEN), mail.arrived()));
            SentMemory.Place place = new SentMemory.Place(box.name(), validity, entry.uid(), true, mailing.body());
            if (stays(mailing, place)) return Optional.of(new Placed(mailbox, validity, entry, account.formatName()));
            remove(place);
            return Optional.empty();
        });
    }

    /** Notes what is filed. @return false when there is a copy of it already */
    private boolean stays(Mailing mailing, SentMemory.Place filed) {
        while (true) {
            Optional<SentMemory.Place> other = memory.last(account.address(), mailing.print());
            if (other.isEmpty() || !surely(other.get())) {
                if (note(mailing, other, filed)) return true;
            } else if (mailing.isAt(other.get())) {
                if (note(mailing, other, other.get())) return false;
                // Of two with one print nobody can tell which a client's copy is of.
            } else if (memory.replace(account.address(), mailing.print(), other, Optional.empty())) return true;
        }
    }

    /** That one is the copy of it, and of nothing else. @return whether the last one was still the one before */
    private boolean note(Mailing mailing, Optional<SentMemory.Place> before, SentMemory.Place copy) {
        return memory.replace(account.address(), mailing.print(), before, Optional.of(copy.of(mailing.body())));
    }

    private boolean surely(SentMemory.Place place) {
        try {
            return stands(place);
        } catch (IOException | RuntimeException e) {
            LOG.warn(
                    "A copy of what {} has sent may be in {}, which cannot be looked at; one more is filed: {}",
                    account.address(),
                    place.mailbox(),
                    e.toString());
            return false;
        }
    }

    private boolean stands(SentMemory.Place place) throws IOException {
        try {
            return account.use(
                    place.mailbox(),
                    box -> box.with(b -> {
                        b.refresh();
                        boolean same = b.index().uidValidity() == place.uidValidity();
                        return same && !b.filed(UidSet.of(place.uid())).isEmpty();
                    }));
        } catch (MailboxFault gone) {
            return false;
        }
    }

    // ---- the client's copy

    /** By what each is known that may be a copy of what is sent; in the order of the drafts. */
    List<Optional<String>> prints(Box to, List<Draft> drafts) throws IOException {
        if (!wanted || isForOthers(to.name())) return List.of();
        List<Optional<String>> prints = new ArrayList<>(drafts.size());
        for (Draft draft : drafts)
            prints.add(isDraft(draft.flags()) ? Optional.empty() : SentPrint.of(draft.message()));
        return prints;
    }

    /** Or lies below one that is. */
    private boolean isForOthers(String mailbox) {
        synchronized (account) {
            return account.file().uses.entrySet().stream()
                    .anyMatch(use -> OTHERS.contains(use.getValue()) && AnnotationFile.within(mailbox, use.getKey()));
        }
    }

    private static boolean isDraft(Flags flags) {
        return flags.has(Flags.DRAFT) || flags.has(Flags.DELETED);
    }

    /** These have come, and are safe, whatever comes of this: what this server has filed goes. */
    void arrived(Box to, List<Optional<String>> prints, List<Entry> entries) {
        try {
            for (int i = 0; i < prints.size(); i++)
                if (prints.get(i).isPresent()) arrived(to, prints.get(i).get(), entries.get(i));
        } catch (IOException | RuntimeException e) {
            LOG.warn(
                    "What came into {} of {} was not held against what was sent, and may be there twice: {}",
                    to.name(),
                    account.address(),
                    e.toString());
        }
    }

    private void arrived(Box to, String print, Entry entry) throws IOException {
        long validity = to.with(b -> b.index().uidValidity());
        while (true) {
            Optional<SentMemory.Place> before = memory.last(account.address(), print);
            boolean filed = before.filter(SentMemory.Place::filed).isPresent();
            // What lies elsewhere and was not sent yet may be a draft, which goes when it is.
            if (!filed && !(isForSent(to.name()) && isNew(entry))) return;
            String body = before.map(SentMemory.Place::body).orElse("");
            SentMemory.Place place = new SentMemory.Place(to.name(), validity, entry.uid(), false, body);
            if (!memory.replace(account.address(), print, before, Optional.of(place))) continue;
            if (filed) remove(before.get());
            return;
        }
    }

    private boolean isForSent(String mailbox) {
        String last = mailbox.substring(mailbox.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return last.startsWith("sent")
                || use(mailbox).filter(SpecialUse.SENT::equals).isPresent();
    }

    /** Who brings his old mail here sends none of it. */
    private boolean isNew(Entry entry) {
        return entry.internalDate().isAfter(account.now().minus(OLD));
    }

    private void remove(SentMemory.Place place) {
        try {
            account.use(place.mailbox(), box -> {
                boolean same = box.with(b -> b.index().uidValidity()) == place.uidValidity();
                return same ? Removal.durable(box, UidSet.of(place.uid())) : UidSet.EMPTY;
            });
        } catch (MailboxFault gone) {
            LOG.debug("{} of {}: {}", place.mailbox(), account.address(), gone.getMessage());
        } catch (IOException | RuntimeException e) {
            LOG.warn(
                    "A mail that was sent is in {} of {} twice, the one with UID {} could not be removed: {}",
                    place.mailbox(),
                    account.address(),
                    place.uid(),
                    e.toString());
        }
    }
}
