package org.posthorn.filter.dnsbl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.annotation.Annotation;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.api.config.SettingsCheck;
import org.posthorn.api.dns.DnsAnswer;
import org.posthorn.api.dns.DnsResolver;
import org.posthorn.api.dns.Mx;
import org.posthorn.api.filter.Verdict;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Origin;

class DnsblFilterTest {

    private final List<String> asked = new ArrayList<>();
    private final Map<String, List<String>> listed = new HashMap<>();
    private final DnsblFilter filter = new DnsblFilter();
    private boolean down;
    private String reason = "see https://list.test";

    DnsblFilterTest() {
        filter.addResolver(
                new DnsResolver() {
                    @Override
                    public DnsAnswer<Mx> mx(String domain) {
                        throw new AssertionError(domain);
                    }

                    @Override
                    public DnsAnswer<InetAddress> addresses(String host) {
                        asked.add(host);
                        if (down) return new DnsAnswer<>(DnsAnswer.Status.FAILED, List.of(), false);
                        List<InetAddress> found = listed.getOrDefault(host, List.of()).stream()
                                .map(a -> ip(a))
                                .toList();
                        var status = found.isEmpty() ? DnsAnswer.Status.NO_SUCH_NAME : DnsAnswer.Status.FOUND;
                        return new DnsAnswer<>(status, found, false);
                    }

                    @Override
                    public DnsAnswer<String> txt(String name) {
                        if (reason.isEmpty()) return new DnsAnswer<>(DnsAnswer.Status.NO_DATA, List.of(), false);
                        return new DnsAnswer<>(DnsAnswer.Status.FOUND, List.of(reason), false);
                    }

                    @Override
                    public DnsAnswer<String> ptr(InetAddress address) {
                        throw new AssertionError(address);
                    }
                },
                Map.of());
        settings(true, "list.test");
    }

    private static InetAddress ip(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private void settings(boolean refuse, String... zones) {
        filter.settings(new DnsblFilter.Config() {
            @Override
            public String[] zones() {
                return zones;
            }

            @Override
            public String[] exempt() {
                return new String[] {"127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "::1", "fc00::/7"};
            }

            @Override
            public boolean refuse() {
                return refuse;
            }

            @Override
            public Class<? extends Annotation> annotationType() {
                return DnsblFilter.Config.class;
            }
        });
    }

    private String judge(String client, String... login) throws IOException {
        Origin origin = new Origin(
                "ESMTP",
                new InetSocketAddress(ip(client), 4711),
                "client",
                login.length == 0 ? Optional.empty() : Optional.of(Address.of(login[0])),
                Optional.empty(),
                "mx.here.test",
                "smtp");
        Verdict verdict = filter.client(origin);
        if (verdict instanceof Verdict.Refuse refuse) return refuse.reply().toString();
        List<String> findings = ((Verdict.Pass) verdict)
                .findings().stream()
                        .map(f -> f.method() + "=" + f.result() + " " + f.properties())
                        .toList();
        return "pass " + findings;
    }

    @Test
    void a_listed_client_is_refused_with_the_list_s_own_words() throws IOException {
        listed.put("99.2.0.192.list.test", List.of("127.0.0.2"));
        assertThat(judge("192.0.2.99")).isEqualTo("554 5.7.1 192.0.2.99 is listed by list.test: see https://list.test");
        reason = "";
        assertThat(judge("192.0.2.99")).isEqualTo("554 5.7.1 192.0.2.99 is listed by list.test");
        reason = "a\r\n250 Ok" + "é".repeat(1000);
        assertThat(judge("192.0.2.99"))
                .startsWith("554 5.7.1 192.0.2.99 is listed by list.test: a??250 Ok?")
                .hasSizeLessThan(400);
    }

    @Test
    void others_pass_with_a_finding() throws IOException {
        assertThat(judge("192.0.2.98")).isEqualTo("pass [dnsbl=none {}]");
    }

    @Test
    void an_ipv6_client_is_asked_for_by_nibbles() throws IOException {
        judge("2001:db8:1:2:3:4:567:89ab");
        assertThat(asked).containsExactly("b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.8.b.d.0.1.0.0.2.list.test");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "10.1.2.3", "172.31.0.1", "::1", "fd12::1"})
    void near_clients_are_not_asked_about(String client) throws IOException {
        assertThat(judge(client)).isEqualTo("pass []");
        assertThat(asked).isEmpty();
    }

    @Test
    void users_are_not_asked_about_and_a_neighbour_of_an_exempt_network_is() throws IOException {
        assertThat(judge("192.0.2.99", "bob@here.test")).isEqualTo("pass []");
        assertThat(asked).isEmpty();
        judge("172.32.0.1");
        assertThat(asked).hasSize(1);
    }

    @Test
    void a_list_that_is_down_refuses_nobody() throws IOException {
        down = true;
        assertThat(judge("192.0.2.99")).isEqualTo("pass [dnsbl=temperror {dns.zone=list.test}]");
    }

    @Test
    void only_the_answers_that_count_count() throws IOException {
        settings(true, "list.test=127.0.0.4-7;127.0.1.2");
        for (String other : List.of("127.0.0.3", "127.0.0.8", "127.0.1.3", "192.0.2.5")) {
            listed.put("99.2.0.192.list.test", List.of(other));
            assertThat(judge("192.0.2.99")).startsWith("pass");
        }
        for (String counted : List.of("127.0.0.4", "127.0.0.7", "127.0.1.2")) {
            listed.put("99.2.0.192.list.test", List.of("192.0.2.1", counted));
            assertThat(judge("192.0.2.99")).startsWith("554");
        }
    }

    @Test
    void an_answer_outside_127_or_one_that_says_no_answer_is_not_a_listing() throws IOException {
        listed.put("99.2.0.192.list.test", List.of("192.0.2.1"));
        assertThat(judge("192.0.2.99")).isEqualTo("pass [dnsbl=none {}]");
        listed.put("99.2.0.192.list.test", List.of("127.255.255.254"));
        assertThat(judge("192.0.2.99")).isEqualTo("pass [dnsbl=permerror {dns.zone=list.test}]");
    }

    @Test
    void all_lists_are_asked_and_without_refusing_the_listing_is_noted() throws IOException {
        settings(false, "a.test", "b.test");
        listed.put("99.2.0.192.b.test", List.of("127.0.0.2"));
        assertThat(judge("192.0.2.99"))
                .contains("dnsbl=fail")
                .contains("dns.zone=b.test")
                .contains("policy.ip=127.0.0.2");
        assertThat(asked).containsExactly("99.2.0.192.a.test", "99.2.0.192.b.test");
    }

    @Test
    void without_a_resolver_nobody_passes() {
        DnsblFilter alone = new DnsblFilter();
        alone.settings(config(alone));
        Origin origin = new Origin(
                "ESMTP",
                new InetSocketAddress(ip("192.0.2.1"), 1),
                "",
                Optional.empty(),
                Optional.empty(),
                "mx",
                "smtp");
        assertThatThrownBy(() -> alone.client(origin)).isInstanceOf(IOException.class);
    }

    private static DnsblFilter.Config config(DnsblFilter filter) {
        return new DnsblFilter.Config() {
            @Override
            public String[] zones() {
                return new String[] {"list.test"};
            }

            @Override
            public String[] exempt() {
                return new String[0];
            }

            @Override
            public boolean refuse() {
                return true;
            }

            @Override
            public Class<? extends Annotation> annotationType() {
                return DnsblFilter.Config.class;
            }
        };
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "one",
                "a..b",
                "a.test=",
                "a.test=127.0.0",
                "a.test=127.0.0.9-2",
                "a.test=127.0.0.256",
                "a.test=10.0.0.1"
            })
    void a_zone_that_is_none_is_told(String zone) {
        assertThat(problems("zones", zone))
                .extracting(SettingsCheck.Problem::value)
                .containsExactly(zone);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "here.test", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "::1/129", "1.2.3.4.5"})
    void a_network_that_is_none_is_told(String network) {
        assertThat(problems("exempt", network))
                .extracting(SettingsCheck.Problem::key)
                .containsExactly("exempt");
    }

    @Test
    void what_is_sound_is_no_problem() {
        assertThat(problems("zones", "zen.example.org", "a.test=127.0.0.2-11;127.0.1.2"))
                .isEmpty();
        assertThat(problems("exempt", "192.0.2.1", "2001:db8::/32", "::/0")).isEmpty();
    }

    private static List<SettingsCheck.Problem> problems(String key, String... values) {
        return new DnsblCheck().check(Map.of(key, values));
    }
}
