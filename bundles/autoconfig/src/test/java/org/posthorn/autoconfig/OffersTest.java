package org.posthorn.autoconfig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.util.EnumMap;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.posthorn.api.http.JmapAccess;

class OffersTest {

    @Test
    void the_listeners_files_tell_the_ports_with_the_offset_of_the_start() {
        ConfigurationAdmin admin = admin(List.of(
                listener("imap", "implicit", 2993),
                listener("imap", "starttls", 2143),
                listener("imap", "starttls", 1143),
                listener("pop3", "none", 2110),
                listener("submission", "implicit", 0),
                listener("smtp", "starttls", 2525),
                listener("submission", null, 2587)));
        assertThat(new Listeners(admin, 100).ports())
                .isEqualTo(Map.of(Service.IMAPS, 3093, Service.IMAP, 1243, Service.SUBMISSION, 2687));
        assertThat(new Listeners(admin(List.of()), 0).ports()).isEmpty();
    }

    @Test
    void settings_say_otherwise() {
        Map<Service, Integer> ports = all();
        ports.put(Service.IMAPS, 993);
        ports.put(Service.POP3S, 0);
        Offers offers = new Offers(
                new Settings("imap.example.org", "Example", ports),
                () -> Map.of(Service.IMAPS, 2993, Service.POP3S, 2995, Service.SUBMISSIONS, 2465),
                new ServerNames("mail.one.test", ""));
        Offer offer = offers.now();
        assertThat(offer.host()).isEqualTo("imap.example.org");
        assertThat(offer.displayName()).isEqualTo("Example");
        assertThat(offer.servers())
                .isEqualTo(List.of(new Server(Service.IMAPS, 993), new Server(Service.SUBMISSIONS, 2465)));
        assertThat(offer.jmap()).isEmpty();
    }

    @Test
    void jmap_is_told_of_over_tls_alone() {
        assertThat(jmap("https://mail.one.test")).contains("https://mail.one.test/.well-known/jmap");
        assertThat(jmap("http://mail.one.test")).isEmpty();
        assertThat(jmap("")).isEmpty();
    }

    @Test
    void jmap_that_is_gone_is_not_told_of() {
        Offers offers = new Offers(new Settings("", "", all()), Map::of, new ServerNames("a", "https://mail.one.test"));
        JmapAccess access = () -> Optional.of("https://mail.one.test/.well-known/jmap");
        offers.addJmap(access, Map.of());
        assertThat(offers.now().jmap()).isPresent();
        offers.removeJmap(access);
        assertThat(offers.now().jmap()).isEmpty();
    }

    @Test
    void without_any_directory_a_domain_is_not_unknown() {
        Offers offers = new Offers(new Settings("", "", all()), Map::of, new ServerNames("a", ""));
        assertThatThrownBy(() -> offers.local("one.test")).isInstanceOf(Unavailable.class);
    }

    private static Map<Service, Integer> all() {
        Map<Service, Integer> ports = new EnumMap<>(Service.class);
        for (Service service : Service.values()) ports.put(service, Settings.AS_LISTENED);
        return ports;
    }

    private static String jmap(String publicUrl) {
        return WebServer.offers("mail.one.test", publicUrl, Map.of(), new Domains())
                .now()
                .jmap()
                .map(Object::toString)
                .orElse("");
    }

    @Test
    void names_that_are_none_are_refused_as_settings() {
        AutoconfigCheck check = new AutoconfigCheck();
        assertThat(check.check(Map.of("host", "mail.example.org", "displayName", "x".repeat(60))))
                .isEmpty();
        assertThat(check.check(Map.of())).isEmpty();
        assertThat(check.check(Map.of("host", "mail example", "displayName", "x".repeat(61))))
                .hasSize(2);
        assertThat(check.check(Map.of("host", "<script>"))).hasSize(1);
    }

    private static Hashtable<String, Object> listener(String protocol, String tls, int port) {
        Hashtable<String, Object> settings = new Hashtable<>(Map.of("protocol", protocol, "port", port));
        if (tls != null) settings.put("tls", tls);
        return settings;
    }

    private static ConfigurationAdmin admin(List<Hashtable<String, Object>> listeners) {
        Configuration[] all = listeners.stream()
                .map(l -> proxy(Configuration.class, "getProperties", l))
                .toArray(Configuration[]::new);
        return proxy(ConfigurationAdmin.class, "listConfigurations", all.length == 0 ? null : all);
    }

    private static <T> T proxy(Class<T> type, String method, Object result) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, called, args) -> {
            if (called.getName().equals(method)) return result;
            throw new UnsupportedOperationException(called.getName());
        }));
    }
}
