package org.posthorn.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.posthorn.api.config.SettingsCheck.Problem;

class ChainCheckTest {

    @Test
    void a_filter_that_is_not_there_is_named() {
        ChainCheck check = new ChainCheck();
        check.addFilter(Map.of("name", "size"));
        check.addFilter(Map.of("name", "dnsbl"));
        Map<String, Object> settings = Map.of("filters", new String[] {"size", " dnsbl", "nosuch", ""});
        assertThat(check.absent(settings))
                .containsExactly(new Problem("filters", "nosuch", "the filters that are there: size, dnsbl"));
        assertThat(check.absent(Map.of("filters", new String[] {"size"}, "shadow", new String[] {"size", "new@2"})))
                .containsExactly(
                        new Problem(
                                "shadow", "new@2", "the filters that are there: size, size@0.0.0, dnsbl, dnsbl@0.0.0"),
                        new Problem("shadow", "size", "filters that do not count already"));
        check.removeFilter(Map.of("name", "dnsbl"));
        assertThat(check.absent(settings)).extracting(Problem::value).containsExactly("dnsbl", "nosuch");
    }
}
