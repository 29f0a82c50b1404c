package org.posthorn.imap;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.posthorn.api.http.JmapAccess;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.lease.Leased;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.MailboxStore;
import org.posthorn.api.mailbox.MessageUrls;
import org.posthorn.api.net.Connection;
import org.posthorn.api.net.Conversation;
import org.posthorn.api.net.Protocol;
import org.posthorn.api.net.Sink;
import org.posthorn.api.net.Suspended;
import org.posthorn.api.users.Accounts;
import org.posthorn.imap.command.SubmittedUrls;

/** The protocol {@code imap}, RFC 3501, and what its URLs stand for. */
@Component(
        service = {Protocol.class, MessageUrls.class},
        property = Leased.NAME + "=imap",
        configurationPid = "org.posthorn.imap")
@Designate(ocd = ImapProtocol.Config.class)
public final class ImapProtocol implements Protocol, MessageUrls {

    @ObjectClassDefinition(name = "IMAP", description = "How mail is read by IMAP")
    @interface Config {

        @AttributeDefinition(description = "Seconds a client has to log in", min = "5", max = "3600")
        int loginTimeout() default 60;

        @AttributeDefinition(
                description =
                        "Minutes a client that has logged in may say nothing, IDLE included (RFC 3501 5.4: at least 30)",
                min = "30",
                max = "1440")
        int timeout() default 30;

        @AttributeDefinition(
                description = "The longest message that a client may append to a mailbox, in octets",
                min = "65536",
                max = "2147483647")
        int appendLimit() default 104857600;

        @AttributeDefinition(
                description =
                        "KiB of memory for the structure of messages that were asked for last, all clients together;"
                                + " takes effect with the next start",
                min = "64",
                max = "1048576")
        int structureCache() default 16384;

        @AttributeDefinition(
                description =
                        "A URI by which users can reach the administrator, told as /shared/admin (RFC 5464); empty for none")
        String admin() default "";

        @AttributeDefinition(
                description = "A word on this server for its users, told as /shared/comment (RFC 5464); empty for none")
        String comment() default "";
    }

    private final Leased<MailboxStore> stores = new Leased<>();
    private final Leased<Accounts> accounts = new Leased<>();
    private final Leased<JmapAccess> jmap = new Leased<>();
    private final Services services;
    private final MessageUrls urls;
    private final AtomicReference<WeakReference<MailboxStore>> inUse = new AtomicReference<>(new WeakReference<>(null));
    private volatile Limits limits;

    @Activate
    public ImapProtocol(BundleContext context, Config config) {
        this(
                Path.of(Optional.ofNullable(context.getProperty("posthorn.data"))
                        .orElse(System.getProperty("java.io.tmpdir"))),
                config.structureCache(),
                limits(config),
                ImapProtocol::pause,
                System::nanoTime);
    }

    /**
     * @param data the server's data folder
     * @param pause gives a stage that ends after that time
     */
    ImapProtocol(
            Path data,
            int cacheKiB,
            Limits limits,
            Function<Duration, CompletionStage<Void>> pause,
            LongSupplier nanoTime) {
        this.limits = limits;
        MessageCache cache = new MessageCache(cacheKiB * 1024L);
        this.services = new Services(stores, accounts, jmap, cache, data.resolve("tmp"), pause, nanoTime);
        this.urls = new SubmittedUrls(stores, cache);
        stores.onChange(this::storesChanged);
    }

    /** A swap tells of each of its steps; who watches looks when the mailboxes have come into other hands, or into none. */
    private void storesChanged() {
        try (Lease<MailboxStore> best = stores.lease().orElse(null)) {
            MailboxStore now = best == null ? null : best.get();
            MailboxStore before = inUse.getAndSet(new WeakReference<>(now)).get();
            if (now != before) services.wakening().begin(services.watching());
        }
    }

    private static CompletableFuture<Void> pause(Duration time) {
        return new CompletableFuture<Void>().completeOnTimeout(null, time.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static Limits limits(Config config) {
        return new Limits(
                Duration.ofSeconds(config.loginTimeout()),
                Duration.ofMinutes(config.timeout()),
                config.appendLimit(),
                Duration.ofSeconds(10),
                annotations(config));
    }

    private static Map<String, String> annotations(Config config) {
        Map<String, String> all =
                new HashMap<>(Map.of("/shared/admin", config.admin(), "/shared/comment", config.comment()));
        all.values().removeIf(String::isEmpty);
        all.replaceAll((entry, text) -> new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
        return Map.copyOf(all);
    }

    /** The size of the cache holds from the next start on; nothing else is kept from before. */
    @Modified
    void modified(Config config) {
        limits = limits(config);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindStore(MailboxStore store, Map<String, ?> properties) {
        stores.add(store, properties);
    }

    void unbindStore(MailboxStore store) {
        stores.remove(store);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindAccounts(Accounts accounts, Map<String, ?> properties) {
        this.accounts.add(accounts, properties);
    }

    void unbindAccounts(Accounts accounts) {
        this.accounts.remove(accounts);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindJmap(JmapAccess access, Map<String, ?> properties) {
        jmap.add(access, properties);
    }

    void unbindJmap(JmapAccess access) {
        jmap.remove(access);
    }

    @Override
    public CompletionStage<Void> ready() {
        return urls.ready();
    }

    @Override
    public Result submit(String url, Address user, long most, Sink to) throws IOException {
        return urls.submit(url, user, most, to);
    }

    @Override
    public Conversation begin(Connection connection) {
        return new ImapConversation(connection, new Session(connection, services, limits));
    }

    @Override
    public Conversation resume(Connection connection, Suspended state) {
        if (!Suspension.knows(state.version()))
            throw new IllegalArgumentException("suspended by a version unknown here: " + state.version());
        Session session = new Session(connection, services, limits);
        Suspension.restore(session, state.values());
        ImapConversation conversation = new ImapConversation(connection, session);
        conversation.resumed(state.values());
        return conversation;
    }
}
