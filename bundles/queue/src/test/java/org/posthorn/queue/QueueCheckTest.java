package org.posthorn.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.posthorn.api.config.SettingsCheck.Problem;

class QueueCheckTest {

    @Test
    void every_wrong_span_is_named() {
        Map<String, Object> settings =
                Map.of("maxAge", "5 days", "warnAfter", "4h", "retry", new String[] {"5m", "0s", "x"});
        assertThat(new QueueCheck().check(settings))
                .extracting(Problem::key, Problem::value)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("maxAge", "5 days"),
                        org.assertj.core.groups.Tuple.tuple("retry", "0s"),
                        org.assertj.core.groups.Tuple.tuple("retry", "x"));
        assertThat(new QueueCheck().check(Map.of("retry", new String[0]))).hasSize(1);
    }

    @Test
    void a_store_that_is_not_there_is_named() {
        QueueCheck check = new QueueCheck();
        check.addStore(Map.of("name", "sql"));
        assertThat(check.absent(Map.of("store", "sql"))).isEmpty();
        assertThat(check.absent(Map.of("store", "bogus")))
                .containsExactly(new Problem("store", "bogus", "the stores that are there: sql"));
    }
}
