package org.posthorn.jmap;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What goes to one subscription: its code, once; and when that has come back one message at a time, a second apart at least, each with the newest states. Of these what a service does not take waits,
 * the longer the more often it was tried. {@link #look} is called by one thread at a time.
 */
final class PushLine {

    private static final Logger LOG = LoggerFactory.getLogger(PushLine.class);

    private static final Duration PACE = Duration.ofSeconds(1);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(10);
    private static final Duration LONGEST_PAUSE = Duration.ofHours(6);

    /** Seconds that a service keeps a message for a device that is off, RFC 8030 5.2. */
    private static final String TTL = "86400";

    private static final int TOPIC_OCTETS = 24;

    /** All lines speak through these. @param kept what is known of subscriptions behind a restart */
    record Means(PushClient client, Vapid vapid, SecureRandom random, Clock clock, PushSubscriptions kept) {}

    private final Means means;
    private final Runnable again;
    private AccountStates told = AccountStates.NONE;
    private boolean outstanding;
    private boolean gone;
    private int failures;
    private Instant next = Instant.EPOCH;

    /** @param again has it looked at once more, on any thread */
    PushLine(Means means, Runnable again) {
        this.means = means;
        this.again = again;
    }

    /** Whether the service knows it no more, RFC 8030 7.3. */
    synchronized boolean gone() {
        return gone;
    }

    /** Whether something could be sent now. */
    synchronized boolean ready() {
        return !outstanding && !gone && !means.clock.instant().isBefore(next);
    }

    /**
     * Sends what there is to say, if its time has come.
     *
     * @param states as they are now; none when they cannot be told
     * @return when it is to be looked at again at the latest, if anything is left to say
     */
    synchronized Optional<Instant> look(PushSubscription to, AccountStates states) {
        if (outstanding || gone) return Optional.empty();
        if (!ready()) return Optional.of(next);
        AccountStates news = to.verified() ? states.of(to::wants).since(told) : AccountStates.NONE;
        boolean ask = !to.verified() && !to.asked();
        if (news.isEmpty() && !ask) return Optional.empty();
        Instant now = means.clock.instant();
        if (means.client.busy()) return Optional.of(now.plus(PACE));
        send(to, ask ? verification(to) : news.change(), news);
        return outstanding ? Optional.empty() : Optional.of(next);
    }

    /** RFC 8620 7.2.2. */
    private static ObjectNode verification(PushSubscription to) {
        return Json.NODES
                .objectNode()
                .put("@type", "PushVerification")
                .put("pushSubscriptionId", to.id())
                .put("verificationCode", to.code());
    }

    private void send(PushSubscription to, ObjectNode message, AccountStates news) {
        try {
            URI url = to.url();
            means.client.look(url);
            byte[] text = Json.octets(message);
            Optional<PushKeys> keys = to.keys();
            byte[] body = keys.isPresent() ? keys.get().encrypted(text, means.random) : text;
            Map<String, String> header = keys.isPresent() ? encryptedHeader(url, news) : header(url, news);
            // Last: what goes out once is noted when nothing else can fail.
            if (!news.isEmpty() || means.kept.ask(to)) post(to, header, body, news);
        } catch (IOException | RuntimeException e) {
            failed(to, why(e), Duration.ZERO);
        }
    }

    private void post(PushSubscription to, Map<String, String> header, byte[] body, AccountStates news)
            throws IOException {
        outstanding = true;
        means.client.post(to.url(), header, body).whenComplete((answer, error) -> {
            if (error == null) answered(to, answer, news);
            else notTaken(to, why(error), Duration.ZERO, news);
            again.run();
        });
    }

    private static String why(Throwable fault) {
        return fault.getMessage() == null ? fault.toString() : fault.getMessage();
    }

    /** RFC 8291 4. */
    private Map<String, String> encryptedHeader(URI url, AccountStates news) throws IOException {
        Map<String, String> header = header(url, news);
        header.put("Content-Encoding", "aes128gcm");
        return header;
    }

    private Map<String, String> header(URI url, AccountStates news) throws IOException {
        Map<String, String> header = new HashMap<>();
        header.put("User-Agent", "Posthorn");
        header.put("Content-Type", "application/json");
        header.put("TTL", TTL);
        header.put("Urgency", news.isEmpty() ? "high" : "normal");
        if (!news.isEmpty()) header.put("Topic", topic(news));
        header.put("Authorization", means.vapid.authorization(url, means.clock.instant()));
        return header;
    }

    /** Of two messages about the same types in the same accounts a device that was off needs the later one alone, RFC 8030 5.4. */
    private static String topic(AccountStates news) {
        StringBuilder types = new StringBuilder();
        news.all().forEach((account, states) -> types.append(account).append(states.keySet()));
        byte[] digest = Arrays.copyOf(Id.digest(types.toString().getBytes(StandardCharsets.UTF_8)), TOPIC_OCTETS);
        return Base64.getUrlEncoder().encodeToString(digest);
    }

    private synchronized void answered(PushSubscription to, PushClient.Answer answer, AccountStates news) {
        int status = answer.status();
        if (status / 100 == 2) took(news);
        else if (status == 404 || status == 410) gone = true;
        else notTaken(to, "the answer " + status, answer.pause(), news);
        if (status / 100 == 2 || gone) outstanding = false;
    }

    /** Who has not told back his code hears no more than that, once: else whoever names a URL could have it flooded, RFC 8620 8.6. */
    private synchronized void notTaken(PushSubscription to, String why, Duration least, AccountStates news) {
        if (!news.isEmpty()) {
            failed(to, why, least);
            return;
        }
        outstanding = false;
        LOG.info(
                "The code of {} was not taken by {}, and goes there no more; its client has to subscribe anew: {}",
                to,
                to.url().getHost(),
                why);
    }

    private void took(AccountStates news) {
        told = told.with(news);
        failures = 0;
        next = means.clock.instant().plus(PACE);
    }

    /** @param least for how long the service wants nothing */
    private synchronized void failed(PushSubscription to, String why, Duration least) {
        outstanding = false;
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(failures, 12));
        if (pause.compareTo(LONGEST_PAUSE) > 0) pause = LONGEST_PAUSE;
        if (pause.compareTo(least) < 0) pause = least;
        next = means.clock.instant().plus(pause);
        if (failures++ == 0)
            LOG.info(
                    "What is new cannot be pushed to {} for {}, and is tried again: {}",
                    to.url().getHost(),
                    to,
                    why);
    }
}
