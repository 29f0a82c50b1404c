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
        check.removeFilter(Map.of("name", "dnsbl"));
        assertThat(check.absent(settings)).extracting(Problem::value).containsExactly("dnsbl", "nosuch");
    }
}
