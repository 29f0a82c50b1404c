package org.posthorn.mailbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.api.config.SettingsCheck.Problem;
import org.posthorn.api.mailbox.Amount;

class AllowanceTest {

    private static final long NONE = Long.MAX_VALUE;

    @ParameterizedTest
    @CsvSource({
        "2G, 2147483648, 9223372036854775807",
        "10K/7, 10240, 7",
        "/100000, 9223372036854775807, 100000",
        "500, 500, 9223372036854775807",
        "none, 9223372036854775807, 9223372036854775807",
        "'', 9223372036854775807, 9223372036854775807",
    })
    void limits_are_octets_and_messages(String text, long octets, long messages) {
        assertThat(Allowance.parse(text).limit()).isEqualTo(new Amount(octets, messages));
        assertThat(Allowance.parse(text).endless()).isEqualTo(octets == NONE && messages == NONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "/0", "/", "2X", "-1", "1G/1/1", "unlimited", "999999999999999T", "2 G", "2G/1K"})
    void what_is_no_limit_is_refused(String text) {
        assertThatThrownBy(() -> Allowance.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void the_highest_warning_counts() {
        Allowance allowance = Allowance.parse("1000/10", "95", " 80");
        assertThat(allowance.reached(new Amount(799, 7))).isZero();
        assertThat(allowance.reached(new Amount(800, 7))).isEqualTo(80);
        assertThat(allowance.reached(new Amount(0, 10))).isEqualTo(95);
        assertThat(Allowance.parse("", "80").reached(new Amount(NONE - 1, 1))).isZero();
    }

    @Test
    void wrong_settings_are_told() {
        Map<String, Object> settings = Map.of(
                "quota", "2X",
                "quotas", new String[] {"a.test=1G", "a.test=0", "1G"},
                "quotaWarnings", new String[] {"80", "101", "0"});
        assertThat(new QuotaCheck().check(settings))
                .extracting(Problem::value)
                .containsExactly("2X", "a.test=0", "1G", "101", "0");
        assertThat(new QuotaCheck().check(Map.of())).isEmpty();
    }
}
