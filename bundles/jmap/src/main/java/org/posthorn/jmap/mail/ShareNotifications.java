package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.file.Path;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.posthorn.api.lease.Leased;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.Rights;
import org.posthorn.api.mailbox.RightsListener;
import org.posthorn.api.mailbox.RightsNews;
import org.posthorn.jmap.Id;
import org.posthorn.jmap.Json;
import org.posthorn.jmap.ObjectLog;
import org.posthorn.jmap.Principal;

/**
 * What users are told of the rights that others give them, until they dismiss it: RFC 9670 3. An {@link ObjectLog} of each, {@code jmap/shares/ACCOUNT} in the server's data folder. Of a
 * mailbox there is one at a time, of its owner {@value #MOST_OF_ONE}, of all {@value #MOST}; the oldest go. Safe for several threads.
 */
@Component(
        service = {ShareNotifications.class, RightsListener.class},
        property = Leased.NAME + "=jmap")
public final class ShareNotifications implements RightsListener, AutoCloseable {

    private static final int MOST_OF_ONE = 50;

    private static final int MOST = 500;

    /** What is kept of one user. */
    record Kept(ObjectLog log, Watchers watchers) {

        void destroy(long number) throws IOException {
            log.remove(number);
            watchers.tell();
        }
    }

    private final AccountFiles<Kept> files;
    private final Clock clock;

    @Activate
    public ShareNotifications(BundleContext context) {
        this(Path.of(context.getProperty("posthorn.data")), Clock.systemUTC());
    }

    /** @param data the server's data folder; of several that have {@code jmap/shares} in it, as in a swap, the next waits until the one before is closed */
    public ShareNotifications(Path data, Clock clock) {
        this.clock = clock;
        this.files = new AccountFiles<>(
                data.resolve("jmap/shares"), his -> new Kept(ObjectLog.open(his, clock.millis()), new Watchers()));
    }

    ObjectLog of(Address account) throws IOException {
        return kept(account).log();
    }

    /** How far changes have come. */
    public long state(Address account) throws IOException {
        return of(account).state();
    }

    /** Has somebody told of changes. @return ends it */
    public Runnable watch(Address account, Runnable news) throws IOException {
        Kept kept = files.of(account);
        Runnable end = kept.watchers().add(news);
        return () -> {
            end.run();
            // As long as somebody watches there is one object of the account.
            Reference.reachabilityFence(kept);
        };
    }

    /** Forced when it returns. What he does to his own rights is no news to him. */
    @Override
    public void changed(RightsNews news) throws IOException {
        if (news.by().filter(by -> by.folded().equals(news.user().folded())).isPresent()) return;
        Kept kept = files.of(news.user());
        synchronized (kept) {
            add(kept.log(), notification(news));
        }
        kept.watchers().tell();
    }

    /** What is kept of one user, by one object as long as somebody has it. */
    Kept kept(Address account) throws IOException {
        return files.of(account);
    }

    /** With what was told of the same mailbox it becomes one, RFC 9670 6.3; and none where all is as it was before. */
    private static void add(ObjectLog log, ObjectNode fresh) throws IOException {
        List<ObjectLog.Entry> before = alike(log, fresh, "objectAccountId", "objectId");
        if (!before.isEmpty()) fresh.set("oldRights", before.get(0).object().path("oldRights"));
        // First: a crash leaves one too many.
        if (!fresh.path("oldRights").equals(fresh.path("newRights"))) log.add(fresh);
        for (ObjectLog.Entry one : before) log.remove(one.number());
        forget(log, alike(log, fresh, "objectAccountId"), MOST_OF_ONE);
        forget(log, log.all(), MOST);
    }

    private static List<ObjectLog.Entry> alike(ObjectLog log, ObjectNode fresh, String... properties) {
        Predicate<ObjectLog.Entry> same = e ->
                List.of(properties).stream().allMatch(p -> e.object().path(p).equals(fresh.path(p)));
        return log.all().stream().filter(same).toList();
    }

    private static void forget(ObjectLog log, List<ObjectLog.Entry> all, int most) throws IOException {
        for (ObjectLog.Entry one : all.subList(0, Math.max(0, all.size() - most))) log.remove(one.number());
    }

    /** RFC 9670 3.2. */
    private ObjectNode notification(RightsNews news) {
        ObjectNode json = Json.NODES.objectNode();
        json.put("created", clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
        json.set("changedBy", entity(news.by()));
        json.put("objectType", "Mailbox").put("objectAccountId", Id.account(news.owner()));
        json.put("objectId", news.mailboxId());
        json.set("oldRights", rights(news, news.before()));
        json.set("newRights", rights(news, news.after()));
        return json.put("name", news.isInbox() ? Folder.name(Folder.INBOX) : news.name());
    }

    private static JsonNode rights(RightsNews news, Rights rights) {
        return MailboxRights.mine(news.isInbox() ? MailboxRights.inInbox(rights) : rights);
    }

    private static JsonNode entity(Optional<Address> by) {
        ObjectNode entity = Json.NODES.objectNode();
        if (by.isEmpty())
            return entity.put("name", "Administrator").putNull("email").putNull("principalId");
        String email = by.get().toString();
        Principal principal = Principal.of(by.get());
        return entity.put("name", email)
                .put("email", email)
                .put("principalId", principal.isSayable() ? principal.id() : null);
    }

    /** Nothing is asked of it behind this; nothing is left to write. */
    @Override
    @Deactivate
    public void close() {
        files.close();
    }
}
