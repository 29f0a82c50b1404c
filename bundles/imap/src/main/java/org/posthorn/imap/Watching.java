package org.posthorn.imap;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.posthorn.api.lease.Wakening;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.api.mailbox.Place;
import org.posthorn.imap.command.Notifications;

/**
 * Tells a client news as they come, and no faster than it takes them: in IDLE, RFC 2177, and between commands when it has asked for that, RFC 5465. Holds no
 * thread.
 */
public final class Watching implements Wakening.Sleeper {

    /** Between commands what happens in quick succession is told together. */
    private static final Duration REST = Duration.ofMillis(100);

    /** And between two looks at which mailboxes there are: whoever shares one with many has all of those look, and can do so in a loop. */
    private static final Duration LONG_REST = Duration.ofSeconds(1);

    /** What could not be watched or looked at, as on a failing disk or while a format is away, is tried again. */
    private static final Duration AGAIN = Duration.ofSeconds(10);

    /** So many pieces are told in a row between commands; then the client has its turn, however much goes on. */
    private static final int MOST_PIECES = 100;

    private final Session session;
    private final AtomicBoolean told = new AtomicBoolean(true);
    private Optional<Mailbox.Watch> watch = Optional.empty();
    /** That of the selected mailbox, if it is another's: it may be one that is meant by no group, or may not be looked up. */
    private Optional<Mailbox.Watch> watchOfSelected = Optional.empty();

    private Optional<News> untold = Optional.empty();
    private boolean idle;
    private boolean telling;
    private boolean resting;
    /** What is going to be tried again: mailboxes, or all of them when the empty name is there. */
    private final Set<String> missed = new HashSet<>();

    private int pieces;
    /** Mailboxes have come or gone; written on any thread. */
    private volatile boolean restructured;

    private boolean restingLong;
    private boolean restructuredMeanwhile;
    /** The selected mailbox; read on any thread. */
    private volatile String selected = "";

    Watching(Session session) {
        this.session = session;
    }

    private Notifications notifications() {
        return session.notifications();
    }

    /** IDLE begins. */
    void beginIdle() {
        idle = true;
        if (notifications().on()) look();
        else begin();
    }

    /** IDLE goes on; to be followed by {@link #resume}. */
    void resumeIdle() {
        idle = true;
    }

    /** Goes on with what another version began, when it is its turn: all the other sessions go on in the same moment. */
    void resume() {
        if (!idle && !notifications().on()) return;
        // Behind the hand-over: a task that is run before its end counts as the other version's.
        session.connection().produce(() -> {
            session.services().wakening().begin(List.of(this));
            return false;
        });
    }

    /** IDLE is over. */
    void endIdle() {
        idle = false;
        if (!notifications().on()) end();
    }

    @Override
    public CompletableFuture<Void> wake(long mostMillis) {
        CompletableFuture<Void> looked =
                new CompletableFuture<Void>().completeOnTimeout(null, mostMillis, TimeUnit.MILLISECONDS);
        session.connection().run(() -> {
            begin();
            looked.complete(null);
        });
        return looked;
    }

    /** Watches anew what there is to be heard of, if there is anything, and looks at all of it. */
    public void begin() {
        end();
        if (session.isOver() || !idle && !notifications().on()) return;
        session.services().watching().add(this);
        selected = name();
        watch = watch();
        if (watch.isEmpty() && watches()) tryAgain("");
        watchSelected();
        notifications().lookAnew();
        look();
    }

    private boolean watches() {
        return notifications().on()
                || session.selected().isPresent()
                || session.metadata().told().isPresent();
    }

    /** That mailbox could not be looked at, or not all of them if the name is empty: there is another try. When the mailboxes are away, their coming begins all anew. */
    public void tryAgain(String name) {
        if (session.isOver() || session.services().stores().names().isEmpty()) return;
        boolean trying = !missed.isEmpty();
        missed.add(name);
        if (!trying)
            session.services().pause().apply(AGAIN).thenRun(() -> session.connection()
                    .run(this::again));
    }

    /** As if all that was missed had rung; what rings meanwhile is heard by the watch that there is. */
    private void again() {
        List<String> names = List.copyOf(missed);
        missed.clear();
        if (watch.isEmpty()) begin();
        else names.forEach(this::hear);
    }

    private String name() {
        return session.selected().map(Selection::name).orElse("");
    }

    /** What comes to be heard of from then on rings; empty when nothing does, or nobody can tell. */
    private Optional<Mailbox.Watch> watch() {
        if (notifications().on())
            return session.between(() -> Optional.of(session.account().watch(this::means, this::ring)));
        if (!watches()) return Optional.empty();
        // Annotations of any mailbox wake who watches one.
        return session.between(() -> Optional.of(
                (session.selected().isPresent() ? session.mailbox() : session.mailbox("INBOX")).watch(() -> ring(""))));
    }

    /** Whichever mailboxes are meant, the selected one is heard of as its own group says, RFC 5465 6.1, if it may be looked up (5). */
    private void watchSelected() {
        Optional<Mailbox.Watch> before = watchOfSelected;
        watchOfSelected = notifications().on() && Place.isShared(selected) ? watchOf(selected) : Optional.empty();
        before.ifPresent(Mailbox.Watch::close);
    }

    private Optional<Mailbox.Watch> watchOf(String name) {
        Optional<Optional<Mailbox.Watch>> begun = session.between(() -> {
            Mailbox mailbox = session.mailbox();
            boolean visible = Operation.LIST.isAllowed(mailbox.rights());
            return Optional.of(visible ? Optional.of(mailbox.watch(() -> ring(name))) : Optional.empty());
        });
        if (begun.isEmpty()) tryAgain("");
        return begun.orElse(Optional.empty());
    }

    private boolean means(String name) {
        return name.equals(selected) || notifications().mayHear(name);
    }

    /** Comes on any thread and often; one telling serves all that came before it. */
    private void ring(String name) {
        if (!name.isEmpty() || !notifications().on() || mayLookAgain()) hear(name);
    }

    private void hear(String name) {
        notifications().ring(name);
        if (name.isEmpty()) restructured = true;
        rouse();
    }

    /** Whether a long rest is over; what rings in it is looked at behind it. Another rest begins then. */
    private synchronized boolean mayLookAgain() {
        restructuredMeanwhile = restingLong;
        if (restingLong) return false;
        restingLong = true;
        session.services().pause().apply(LONG_REST).thenRun(this::restedLong);
        return true;
    }

    private void restedLong() {
        synchronized (this) {
            restingLong = false;
            if (!restructuredMeanwhile) return;
        }
        ring("");
    }

    /** Others may share something that is meant, or no longer do. What has rung meanwhile is looked at. */
    private void watchAnew() {
        if (!restructured || !notifications().on()) return;
        restructured = false;
        notifications().ring("");
        Optional<Mailbox.Watch> anew = watch();
        if (anew.isEmpty()) {
            // Rather the old one than none.
            tryAgain("");
            return;
        }
        watch.ifPresent(Mailbox.Watch::close);
        watch = anew;
        watchSelected();
    }

    private void rouse() {
        if (told.compareAndSet(true, false)) session.connection().run(this::tell);
    }

    private void look() {
        told.set(false);
        tell();
    }

    /** Between two commands, or in IDLE. */
    private boolean mayTell() {
        if (session.isOver()) return false;
        return idle
                || notifications().on() && !session.isBusy() && session.talk().isEmpty();
    }

    private void tell() {
        if (telling || resting || !mayTell()) return;
        telling = true;
        pieces = 0;
        watchAnew();
        session.connection().produce(this::more);
    }

    /** Tells a piece; what happens while the client is slow is asked of the mailboxes when it has taken what was before. */
    private boolean more() {
        if (untold.isEmpty() && !told.getAndSet(true)) untold = news();
        if (untold.isPresent()) tellSelected(untold.get());
        else if (notifications().behind()) tellOthers();
        boolean enough = notifications().on() && untold.isEmpty() && ++pieces >= MOST_PIECES;
        telling = mayTell()
                && !enough
                && (untold.isPresent() || !told.get() || notifications().behind());
        if (!telling) untold = Optional.empty();
        if (!telling && notifications().on()) rest();
        return telling;
    }

    private Optional<News> news() {
        boolean hears = idle ? notifications().hearsSelected() : notifications().hearsSelectedAtOnce();
        Optional<Optional<News>> looked = session.between(() -> {
            session.metadata().tell();
            return Optional.of(hears ? session.sync(idle || notifications().expungesAtOnce()) : Optional.empty());
        });
        if (looked.isEmpty()) tryAgain(name());
        return looked.orElse(Optional.empty());
    }

    private void tellSelected(News news) {
        if (news.more(session.connection())) return;
        untold = Optional.empty();
        session.selected().ifPresent(s -> s.conclude(session));
        catchUp();
    }

    private void tellOthers() {
        Optional<Boolean> looked = session.between(() -> {
            notifications().more();
            return Optional.of(true);
        });
        if (looked.isPresent()) return;
        notifications().giveUp();
        tryAgain("");
    }

    /** What searches that are kept up to date have not looked at yet has another turn, when others have had theirs. */
    private void catchUp() {
        if (session.selected().filter(s -> s.contexts().behind()).isEmpty()) return;
        session.services().pause().apply(Session.BREATH).thenRun(this::rouse);
    }

    private void rest() {
        resting = true;
        session.services().pause().apply(REST).thenRun(() -> session.connection()
                .run(this::rested));
    }

    private void rested() {
        resting = false;
        if (restructured || !told.get() || notifications().behind()) tell();
    }

    /** A command is complete: what has happened meanwhile may be told now. */
    void goOn() {
        if (idle || !notifications().on()) return;
        boolean other = !name().equals(selected);
        selected = name();
        if (other) told.set(false);
        if (other) watchSelected();
        if (!told.get() || notifications().behind()) session.connection().run(this::tell);
    }

    /** Whether the client is being told just now: what the selection counts as told has not reached it yet. */
    boolean isTelling() {
        return telling;
    }

    /** Nothing rings any more. */
    void end() {
        watch.ifPresent(Mailbox.Watch::close);
        watch = Optional.empty();
        watchOfSelected.ifPresent(Mailbox.Watch::close);
        watchOfSelected = Optional.empty();
        session.services().watching().remove(this);
    }
}
