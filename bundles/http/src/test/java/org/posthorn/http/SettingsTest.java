package org.posthorn.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.posthorn.api.config.SettingsCheck.Problem;

class SettingsTest {

    private static java.util.List<String> wrong(String key, Object value) {
        Map<String, Object> settings = new HashMap<>(
                Map.of("address", new String[] {"127.0.0.1", "::1"}, "port", 8080, "tlsPort", 8443, "publicUrl", ""));
        settings.put(key, value);
        return new HttpCheck().check(settings).stream().map(Problem::key).toList();
    }

    @Test
    void addresses_ports_and_the_public_url_are_checked() {
        assertThat(wrong("address", new String[] {"*", "10.0.0.1", "fe80::1"})).isEmpty();
        assertThat(wrong("address", new String[] {"localhost"})).containsExactly("address");
        assertThat(wrong("tlsPort", 8080)).containsExactly("tlsPort");
        assertThat(wrong("port", 0)).isEmpty();
        assertThat(wrong("publicUrl", "https://mail.example.org")).isEmpty();
        assertThat(wrong("publicUrl", "http://[::1]:8080/")).isEmpty();
        for (String url : new String[] {
            "mail.example.org", "ftp://x", "https://x/path", "https://x?q", "https://x#f", "https://u@x", "https://x y"
        }) assertThat(wrong("publicUrl", url)).as(url).containsExactly("publicUrl");
    }

    @Test
    void an_address_that_the_machine_has_not_is_told_of() {
        Map<String, Object> settings = Map.of("address", new String[] {"127.0.0.1", "*", "192.0.2.1"});
        assertThat(new HttpCheck().check(settings)).isEmpty();
        assertThat(new HttpCheck().absent(settings)).extracting(Problem::value).containsExactly("192.0.2.1");
    }
}
