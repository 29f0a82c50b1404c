package org.posthorn.imap;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.posthorn.api.http.JmapAccess;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.lease.Leased;
import org.posthorn.api.lease.Wakening;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.MailboxStore;
import org.posthorn.api.users.Accounts;
import org.posthorn.sasl.OpenLogins;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all sessions share.
 *
 * @param cache structures and envelopes of messages
 * @param temporary the folder for messages on their way to a mailbox
 * @param pause gives a stage that ends after that time
 * @param nanoTime the time, for spans of it
 * @param watching sessions that are told news as they come
 * @param keyNews sessions that have something selected, by user
 * @param wakening has them look anew
 */
public record Services(
        Leased<MailboxStore> stores,
        Leased<Accounts> accounts,
        OpenLogins logins,
        Leased<JmapAccess> jmap,
        MessageCache cache,
        Path temporary,
        Function<Duration, CompletionStage<Void>> pause,
        LongSupplier nanoTime,
        Set<Watching> watching,
        ConcurrentHashMap<Address, Set<KeyNews>> keyNews,
        Wakening wakening) {

    private static final Logger LOG = LoggerFactory.getLogger(Services.class);

    private static final int WOKEN_AT_ONCE = 8;

    public Services(
            Leased<MailboxStore> stores,
            Leased<Accounts> accounts,
            Leased<JmapAccess> jmap,
            MessageCache cache,
            Path temporary,
            Function<Duration, CompletionStage<Void>> pause,
            LongSupplier nanoTime) {
        this(
                stores,
                accounts,
                new OpenLogins(accounts),
                jmap,
                cache,
                temporary,
                pause,
                nanoTime,
                ConcurrentHashMap.newKeySet(),
                new ConcurrentHashMap<>(),
                new Wakening(WOKEN_AT_ONCE, Services::late));
    }

    /** Where JMAP begins, RFC 8620 2.2, if there is any. */
    public Optional<String> jmapSession() {
        try (Lease<JmapAccess> access = jmap.lease().orElse(null)) {
            return access == null ? Optional.empty() : access.get().session();
        }
    }

    /** He has his task all the same. */
    private static void late(Throwable why) {
        LOG.warn("One who watches mailboxes is woken late: {}", why.toString());
    }
}
