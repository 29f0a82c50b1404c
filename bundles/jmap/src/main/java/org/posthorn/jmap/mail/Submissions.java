package org.posthorn.jmap.mail;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;
import org.posthorn.api.mail.Address;
import org.posthorn.api.queue.UnsentMail;
import org.posthorn.jmap.ObjectLog;
import org.posthorn.jmap.Refusal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The EmailSubmissions of all accounts, as time, the queue and the stories of mails make them. Those that are over are remembered for some days, and no more than {@value #MOST} of an account. Safe for several
 * threads.
 */
final class Submissions {

    private static final Logger LOG = LoggerFactory.getLogger(Submissions.class);

    /** So many are remembered, and so many may be pending. */
    static final int MOST = 2_000;

    private static final int MOST_TROUBLES = 3;

    private final Outbox outbox;
    private final Sending sending;
    private final Reports reports;
    private final Supplier<Duration> remembered;
    private final SubmissionWatch watch;

    /** @param clock on which those who watch are told that a time has come */
    Submissions(Outbox outbox, Sending sending, Supplier<Duration> remembered, ScheduledExecutorService clock) {
        this.outbox = outbox;
        this.sending = sending;
        this.reports = new Reports(sending.mailboxes(), new Digests());
        this.remembered = remembered;
        this.watch = new SubmissionWatch(this::of, outbox, clock);
    }

    Instant now() {
        return outbox.clock().instant().truncatedTo(ChronoUnit.MILLIS);
    }

    /** What there is, with what became of it meanwhile, as far as that can be told now. */
    ObjectLog of(Address account) throws IOException {
        AccountOutbox mine = outbox.account(account);
        List<Exception> troubles = new ArrayList<>();
        synchronized (mine) {
            try (Knowledge knowledge = new Knowledge(account, sending)) {
                forget(mine.submissions());
                for (ObjectLog.Entry entry : mine.submissions().all()) look(mine, entry, knowledge, troubles);
                // A report is taken in once, and tells of those alone of whom it is known that they left.
                if (troubles.isEmpty()) reports.hear(account, mine);
            } catch (IOException | RuntimeException e) {
                troubles.add(e);
            }
        }
        if (troubles.isEmpty()) mine.untroubled();
        else if (mine.troubled())
            LOG.warn(
                    "What became of mail that {} sent cannot be told now ({}); it is shown as it was.",
                    account,
                    troubles.get(0).toString());
        return mine.submissions();
    }

    /** One of which cannot be told is left as it is; behind some, as a database that is away makes each wait, nobody is asked any more. */
    private void look(AccountOutbox mine, ObjectLog.Entry entry, Knowledge knowledge, List<Exception> troubles)
            throws IOException {
        SubmissionRecord before = new SubmissionRecord(entry.object());
        if (!before.isOpen() || mine.sending().contains(entry.number())) return;
        DeliveryStatus known;
        try {
            if (troubles.size() >= MOST_TROUBLES) throw new IOException("nobody is asked any more");
            known = knowledge.of(before.mailId());
        } catch (IOException | RuntimeException e) {
            troubles.add(e);
            put(mine, entry.number(), before, before.at(now()));
            return;
        }
        if (before.isDoing(SubmissionRecord.SENDING) && !known.taken())
            mine.submissions().remove(entry.number());
        else put(mine, entry.number(), before, before.at(now(), known));
    }

    private static void put(AccountOutbox mine, long number, SubmissionRecord before, SubmissionRecord now)
            throws IOException {
        if (now.equals(before)) return;
        mine.submissions().put(number, now.json());
        mine.changed();
    }

    private void forget(ObjectLog log) throws IOException {
        Instant old = now().minus(remembered.get());
        // Those that are large make room as well: half of what there is.
        int over = log.full() ? log.size() / 2 : log.size() - MOST + 1;
        for (ObjectLog.Entry entry : log.all()) {
            SubmissionRecord one = new SubmissionRecord(entry.object());
            if (one.isPending() || over <= 0 && one.sendAt().isAfter(old)) continue;
            log.remove(entry.number());
            over--;
        }
    }

    /** Whether one more may be remembered; what is over makes room. */
    boolean room(Address account) throws IOException {
        AccountOutbox mine = outbox.account(account);
        synchronized (mine) {
            forget(mine.submissions());
        }
        return mine.submissions().size() < MOST && !mine.submissions().full();
    }

    /** How far changes have come, those that time alone has made and nobody has looked at included: for push, which asks often, and must wait for nobody. */
    long state(Address account) throws IOException {
        ObjectLog log = outbox.account(account).submissions();
        Instant now = now();
        return log.state()
                + log.all().stream()
                        .filter(e -> new SubmissionRecord(e.object()).isOver(now))
                        .count();
    }

    /** Has the account's mail looked through for reports, soon and on another thread, if somebody watches: when a change in it was told. What is under way is looked at where there is one. */
    void hear(Address account) throws IOException {
        AccountOutbox mine = outbox.account(account);
        if (mine.isWatched() && mine.ask()) outbox.work(() -> hear(account, mine));
    }

    private void hear(Address account, AccountOutbox mine) {
        mine.answered();
        if (isReported(account, mine)) watch.look(account, mine);
    }

    private boolean isReported(Address account, AccountOutbox mine) {
        synchronized (mine) {
            try {
                return reports.isAny(account, mine);
            } catch (IOException | RuntimeException e) {
                // Who looks tells why.
                return true;
            }
        }
    }

    /** Hands a mail in. */
    interface Step {
        void make() throws Refusal, IOException;
    }

    /**
     * Remembers one, forced, before its mail is handed in: a crash leaves no mail of which nobody knows. One whose mail is refused is forgotten; one of which that is
     * unknown is, when neither the queue nor its story knows of it.
     *
     * @return its number
     */
    long add(Address account, SubmissionRecord one, Step handIn) throws Refusal, IOException {
        AccountOutbox mine = outbox.account(account);
        long number;
        synchronized (mine) {
            number = mine.submissions().add(one.doing(SubmissionRecord.SENDING).json());
            mine.sending().add(number);
        }
        try {
            handIn.make();
            sent(mine, number);
        } catch (Refusal refused) {
            mine.submissions().remove(number);
            throw refused;
        } finally {
            mine.sending().remove(number);
        }
        news(account, mine);
        return number;
    }

    /** Who sees it may have taken it back by now. */
    private static void sent(AccountOutbox mine, long number) {
        synchronized (mine) {
            mine.submissions()
                    .get(number)
                    .map(e -> new SubmissionRecord(e.object()))
                    .filter(one -> one.isDoing(SubmissionRecord.SENDING))
                    .ifPresent(one -> written(mine, number, one.done()));
        }
    }

    /** What has happened is so, whether it can be written down or not; what was begun tells who looks next. */
    private static void written(AccountOutbox mine, long number, SubmissionRecord one) {
        try {
            mine.submissions().put(number, one.json());
        } catch (IOException e) {
            LOG.error("{}: what was done with it cannot be remembered now, and is found out anew", one.mailId(), e);
        }
    }

    /** Takes back the mail of one. That this is begun is forced before, if there is room, so that one knows behind a crash. @return false when it is on its way */
    boolean cancel(Address account, long number, UnsentMail queue) throws IOException {
        AccountOutbox mine = outbox.account(account);
        synchronized (mine) {
            Optional<ObjectLog.Entry> entry = mine.submissions().get(number);
            if (entry.isEmpty()) return false;
            SubmissionRecord one = new SubmissionRecord(entry.get().object()).done();
            if (!one.isPending()) return false;
            written(mine, number, one.doing(SubmissionRecord.CANCELING));
            boolean back = queue.takeBack(one.mailId(), "its sender");
            written(mine, number, back ? one.canceled() : one);
            news(account, mine);
            return back;
        }
    }

    private void news(Address account, AccountOutbox mine) {
        mine.changed();
        watch.again(account, mine);
    }

    void remove(Address account, long number) throws IOException {
        AccountOutbox mine = outbox.account(account);
        mine.submissions().remove(number);
        mine.changed();
    }

    /** Has somebody told of changes, those of time, and of what becomes of mail, too. @return ends it */
    Runnable watch(Address account, Runnable news) {
        try {
            return watch.begin(account, outbox.account(account), news);
        } catch (IOException e) {
            LOG.warn("What {} sends cannot be watched: {}", account, e.toString());
            return () -> {};
        }
    }
}
