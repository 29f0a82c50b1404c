package org.posthorn.shadow;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.posthorn.api.filter.Comparison;
import org.posthorn.api.filter.Comparisons;
import org.posthorn.sql.Database;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps comparisons: at once in memory, within a second, many in one transaction, in the database. While there is none they stay in memory, the counts
 * whole, the cases as many as there is room for.
 */
@Component(
        service = {Comparisons.class, ShadowLedger.class},
        configurationPid = "org.posthorn.shadow")
@Designate(ocd = ShadowLedger.Config.class)
public final class ShadowLedger implements Comparisons {

    private static final Logger log = LoggerFactory.getLogger(ShadowLedger.class);
    private static final long HOUR = Duration.ofHours(1).toMillis();

    /** The settings. */
    @ObjectClassDefinition(name = "Shadow")
    public @interface Config {

        @AttributeDefinition(
                description = "How many days it is kept what filters in the shadow said",
                min = "1",
                max = "3650")
        int keep() default 30;

        @AttributeDefinition(
                description =
                        "How many mails are kept of which filters in the shadow thought otherwise; the newest stay",
                min = "1",
                max = "1000000")
        int most() default 10000;
    }

    /** Something to do with the tables, in one transaction. */
    interface Work<T> {
        T on(Store store) throws SQLException;
    }

    private final Database database = new Database(Store.TABLES, Duration.ZERO);
    private final Clock clock;
    private final ScheduledExecutorService writer;
    private Batch batch = new Batch();
    private volatile Duration keep;
    private volatile int most;
    private String trouble = "";
    private long purged;

    /** By the settings. */
    @Activate
    public ShadowLedger(Config config) {
        this(Duration.ofDays(config.keep()), config.most(), Clock.systemUTC());
        writer.scheduleWithFixedDelay(this::flush, 1, 1, TimeUnit.SECONDS);
    }

    /** For tests: writes when it is told to. */
    ShadowLedger(Duration keep, int most, Clock clock) {
        this.keep = keep;
        this.most = most;
        this.clock = clock;
        this.writer = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "shadow-ledger");
            thread.setDaemon(true);
            return thread;
        });
    }

    @Modified
    void change(Config config) {
        keep = Duration.ofDays(config.keep());
        most = config.most();
    }

    @Deactivate
    void close() {
        writer.shutdown();
        flush();
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addSource(DataSource source, Map<String, ?> properties) {
        database.add(source, properties);
    }

    void removeSource(DataSource source) {
        database.remove(source);
    }

    @Override
    public void add(Comparison comparison) {
        synchronized (writer) {
            batch.add(comparison);
        }
    }

    /** Writes what is in memory; what cannot be written stays there. */
    synchronized void flush() {
        Batch now;
        synchronized (writer) {
            if (batch.isEmpty()) return;
            now = batch;
            batch = new Batch();
        }
        try {
            if (with(store -> write(store, now)).isPresent()) trouble = "";
            else restore(now);
        } catch (IOException | OutOfMemoryError e) {
            if (!e.toString().equals(trouble))
                log.error("What filters in the shadow said stays in memory for now: {}", e.getMessage());
            trouble = e.toString();
            restore(now);
        }
    }

    private void restore(Batch older) {
        synchronized (writer) {
            batch.restore(older);
        }
    }

    private boolean write(Store store, Batch now) throws SQLException {
        store.write(now);
        if (clock.millis() - purged < HOUR) return true;
        store.purge(clock.instant().minus(keep), most);
        purged = clock.millis();
        return true;
    }

    /** Does it whole or not at all; empty when there is no database. */
    private <T> Optional<T> with(Work<T> work) throws IOException {
        if (!database.await(Duration.ZERO)) return Optional.empty();
        return Optional.of(database.change(connection -> work.on(new Store(connection))));
    }

    /** Asks the tables, when all that was said up to now is in them; without a database what is in memory answers. */
    synchronized <T> T ask(Work<T> tables, java.util.function.Function<Batch, T> memory) throws IOException {
        flush();
        Optional<T> answer = with(tables);
        if (answer.isPresent()) return answer.get();
        synchronized (writer) {
            return memory.apply(batch);
        }
    }
}
