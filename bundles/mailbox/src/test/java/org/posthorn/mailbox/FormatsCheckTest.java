package org.posthorn.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.posthorn.api.config.SettingsCheck.Problem;

class FormatsCheckTest {

    @Test
    void a_format_that_is_not_there_is_named() {
        FormatsCheck check = new FormatsCheck();
        check.addFormat(Map.of("name", "maildir"));
        check.addFormat(Map.of("name", "mbox"));
        assertThat(check.absent(Map.of("format", "maildir", "formats", new String[] {"a.test=mbox"})))
                .isEmpty();
        assertThat(check.absent(Map.of("format", "bogus", "formats", new String[] {"a.test=mbox", "b.test=mbx"})))
                .extracting(Problem::key, Problem::value)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("format", "bogus"),
                        org.assertj.core.groups.Tuple.tuple("formats", "b.test=mbx"));
    }

    @Test
    void what_is_for_nobody_is_told_once() {
        Map<String, Object> settings = Map.of("formats", new String[] {"nonsense"});
        FormatsCheck check = new FormatsCheck();
        assertThat(check.check(settings)).hasSize(1);
        assertThat(check.absent(settings)).isEmpty();
    }
}
