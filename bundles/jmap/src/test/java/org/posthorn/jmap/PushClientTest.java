package org.posthorn.jmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What speaks to push services, over real sockets. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PushClientTest {

    @TempDir
    static Path certificates;

    private static Path certificate;

    private Instant now = Instant.parse("2026-11-29T10:00:00Z");

    private final Clock clock = new Clock() {
        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneOffset getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
            return this;
        }
    };

    @BeforeAll
    static void sign() throws Exception {
        certificate = PushService.certificate(certificates);
    }

    private static void push(PushClient client, PushService service) throws Exception {
        PushClient.Answer answer = client.post(URI.create(service.url("/p")), Map.of(), new byte[] {1})
                .toCompletableFuture()
                .get();
        assertThat(answer.status()).isEqualTo(201);
    }

    @Test
    void another_one_of_the_jdk_takes_its_place_each_hour() throws Exception {
        Set<Thread> before = selectors();
        try (PushService service = new PushService(certificate);
                PushClient client = new PushClient(service.trust, () -> true, clock)) {
            push(client, service);
            Set<Thread> first = selectors();
            first.removeAll(before);
            assertThat(first).hasSize(1);
            now = now.plus(Duration.ofMinutes(59));
            push(client, service);
            before.addAll(first);
            assertThat(before).containsAll(selectors());
            now = now.plus(Duration.ofMinutes(1));
            push(client, service);
            Set<Thread> next = selectors();
            next.removeAll(before);
            assertThat(next).hasSize(1);
        }
    }

    /** Each client of the JDK has one. */
    private static Set<Thread> selectors() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().contains("SelectorManager"))
                .collect(Collectors.toCollection(HashSet::new));
    }

    /** Where answers are taken nobody waits for DNS. */
    @Test
    void where_a_url_leads_is_asked_before_also_where_it_may_lead_anywhere() throws Exception {
        try (PushService service = new PushService(certificate);
                PushClient client = new PushClient(service.trust, () -> true, clock)) {
            assertThatExceptionOfType(UnknownHostException.class)
                    .isThrownBy(() -> client.look(URI.create("https://nobody.invalid/p")));
            client.look(URI.create(service.url("/p")));
        }
    }
}
