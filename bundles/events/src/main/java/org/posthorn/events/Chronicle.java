package org.posthorn.events;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
import org.posthorn.api.events.MailEvent;
import org.posthorn.api.events.MailEvents;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.lease.Leased;
import org.posthorn.api.spool.Pending;
import org.posthorn.api.spool.Spool;
import org.posthorn.sql.Database;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hears what happens to mail and keeps it. */
@Component(
        configurationPid = "org.posthorn.events",
        immediate = true,
        service = {MailEvents.class, Chronicle.class})
@Designate(ocd = Chronicle.Config.class)
public final class Chronicle implements MailEvents {

    /** The settings. */
    @ObjectClassDefinition(name = "The stories of mails")
    public @interface Config {

        @AttributeDefinition(description = "How many days the story of a mail is kept.", min = "1", max = "3650")
        int days() default 30;

        @AttributeDefinition(
                description = "How many stories are kept; beyond it the oldest go, a part at a time.",
                min = "1000",
                max = "100000000")
        long stories() default 500_000;
    }

    private static final Logger LOG = LoggerFactory.getLogger(Chronicle.class);
    /** Stories completed at once; others want to be written in between. */
    private static final int BATCH = 100;

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Database database = new Database(Archive.TABLES, Duration.ZERO);
    private final Leased<Spool> spools = new Leased<>();
    private final Archive archive = new Archive(database);
    private final Scribe scribe;
    private volatile int days;

    @Activate
    public Chronicle(Config config) {
        this(bounds(config), Clock.systemUTC());
    }

    Chronicle(Scribe.Bounds bounds, Clock clock) {
        days = bounds.days();
        scribe = new Scribe(archive, bounds, clock);
        scribe.start();
    }

    private static Scribe.Bounds bounds(Config config) {
        return new Scribe.Bounds(config.days(), config.stories());
    }

    @Modified
    void modified(Config config) {
        days = config.days();
        scribe.bounds(bounds(config));
    }

    @Deactivate
    void stop() {
        scribe.close();
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addSource(DataSource source, Map<String, Object> properties) {
        database.add(source, properties);
        recover();
    }

    void removeSource(DataSource source) {
        database.remove(source);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addSpool(Spool spool, Map<String, Object> properties) {
        spools.add(spool, properties);
        recover();
    }

    /** When the spool and the database are there, whichever comes last. It may take a while, and nobody waits for it. */
    private void recover() {
        Thread thread = new Thread(this::complete, "events-recovery");
        thread.setDaemon(true);
        thread.start();
    }

    void removeSpool(Spool spool) {
        spools.remove(spool);
    }

    void complete() {
        // What is left is handed out once, so it is not asked for before it can be used.
        if (!database.await(Duration.ZERO)) return;
        try {
            complete(left());
        } catch (IOException | ExecutionException e) {
            LOG.warn("The stories that the last process did not come to write are not completed: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Nothing where there is no spool to ask yet: it comes up beside another, which has told of the last process. */
    private List<Pending> left() throws IOException {
        Optional<Lease<Spool>> lease = spools.lease();
        if (lease.isEmpty()) return List.of();
        try (Lease<Spool> spool = lease.get()) {
            return spool.get().left();
        }
    }

    /** The stories of mails that the last process left, and had perhaps no time to tell. */
    void complete(List<Pending> left) throws IOException, ExecutionException, InterruptedException {
        for (int from = 0; from < left.size(); from += BATCH) {
            List<Pending> some = left.subList(from, Math.min(left.size(), from + BATCH));
            if (!scribe.ask(() -> scribe.complete(some)).get()) throw new IOException("the database is away");
        }
    }

    @Override
    public void tell(MailEvent event) {
        scribe.tell(event);
    }

    int days() {
        return days;
    }

    /** Stories by a queue id, a Message-ID or an address, the newest first. What was told a moment ago is in them. */
    Lookup.Found find(String word, int most) throws InterruptedException {
        Lookup lookup = new Lookup(scribe, archive);
        // At the start it comes a little later; if it does not, what is in memory can be told all the same.
        database.await(Duration.ofSeconds(10));
        try {
            return scribe.ask(() -> lookup.find(word, most)).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IllegalArgumentException("the database does not answer", e);
        } catch (ExecutionException e) {
            throw new IllegalArgumentException("the stories cannot be read: " + e.getCause(), e);
        }
    }

    /** What happens from now on. */
    Trace trace(String word, Words words) {
        Trace trace = new Trace(word, words, scribe::leave);
        scribe.watch(trace);
        return trace;
    }
}
