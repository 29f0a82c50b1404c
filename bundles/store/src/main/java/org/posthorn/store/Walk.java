package org.posthorn.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.posthorn.api.mail.Address;
import org.posthorn.api.store.Damage;
import org.posthorn.api.store.Inspection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A walk through the stores, and what it has found. */
final class Walk implements Inspection {

    private static final Logger LOG = LoggerFactory.getLogger(Walk.class);
    /** What is found beyond that is mended and counted, and not shown. */
    private static final int MOST = 10_000;

    private static final long PAUSE = TimeUnit.SECONDS.toNanos(1);

    /** A line of the answer. */
    public record Found(String store, String where, String what, String mending) {}

    /** What is done about damage; what became of it. */
    private interface Deed {
        String done(Damage damage, Mend mend) throws IOException;
    }

    private final Optional<Address> account;
    private final Consumer<String> progress;
    private final Deed deed;
    private final List<Found> found = new ArrayList<>();
    private String store = "";
    private int count;
    private int left;
    private long told = System.nanoTime();

    private Walk(Optional<Address> account, Consumer<String> progress, Deed deed) {
        this.account = account;
        this.progress = progress;
        this.deed = deed;
    }

    static Walk looking(Optional<Address> account, Consumer<String> progress) {
        return new Walk(account, progress, (damage, mend) -> damage.mending());
    }

    static Walk mending(Optional<Address> account, Consumer<String> progress) {
        return new Walk(account, progress, (damage, mend) -> {
            mend.run();
            LOG.warn("{}: {}; it {}", damage.where(), damage.what(), damage.mending());
            return damage.mending();
        });
    }

    /** The next store. */
    void enter(String next) {
        store = next;
    }

    /** It could not be walked to its end. */
    void broke(Exception why) {
        add(new Damage("", "it could not be looked through: " + why.getMessage(), "is left as it is"));
        left++;
    }

    List<Found> found() {
        return found;
    }

    int count() {
        return count;
    }

    /** How many of them are not mended. */
    int left() {
        return left;
    }

    @Override
    public Optional<Address> account() {
        return account;
    }

    @Override
    public void found(Damage damage, Mend mend) {
        try {
            add(new Damage(damage.where(), damage.what(), deed.done(damage, mend)));
        } catch (IOException | RuntimeException e) {
            LOG.error("{}: {}; that cannot be mended", damage.where(), damage.what(), e);
            add(new Damage(damage.where(), damage.what(), "could not be mended: " + e.getMessage()));
            left++;
        }
    }

    @Override
    public void found(Damage damage) {
        add(damage);
        left++;
    }

    private void add(Damage damage) {
        count++;
        if (found.size() < MOST) found.add(new Found(store, damage.where(), damage.what(), damage.mending()));
    }

    @Override
    public void at(String place) {
        long now = System.nanoTime();
        if (now - told < PAUSE) return;
        told = now;
        progress.accept(store + ": " + place);
    }
}
