package org.posthorn.jmap.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.api.mailbox.IdChanges;
import org.posthorn.api.mailbox.IdChanges.Change;
import org.posthorn.jmap.MethodFault;

/** RFC 8620 5.2: states between changes that came with one mod-sequence. */
class ChangeStepTest {

    /** With mod-sequence 7 came 1 to 4; since then 1 was changed, 3 is gone and 4 was changed. */
    private static Optional<IdChanges> since(long modSeq) {
        boolean before = modSeq < 7;
        List<Change> created = before ? List.of(new Change(1, 7), new Change(2, 7), new Change(4, 7)) : List.of();
        List<Change> updated = before ? List.of() : List.of(new Change(1, 8), new Change(4, 10));
        List<Change> destroyed = before ? List.of() : List.of(new Change(3, 9));
        return Optional.of(new IdChanges(created, updated, destroyed, 10));
    }

    private static String told(String state) throws IOException, MethodFault {
        IdChanges changes = ChangeStep.of(state).changes(ChangeStepTest::since).orElseThrow();
        return numbers(changes.created()) + numbers(changes.updated()) + numbers(changes.destroyed()) + changes.state();
    }

    private static String numbers(List<Change> changes) {
        return changes.stream().map(Change::number).toList().toString();
    }

    @Test
    void what_was_told_is_not_told_again_unless_it_has_changed() throws IOException, MethodFault {
        assertThat(told("6")).isEqualTo("[1, 2, 4][][]10");
        assertThat(told("7.1")).isEqualTo("[2, 4][1][3]10");
        assertThat(told("7.3")).isEqualTo("[4][1][3]10");
        assertThat(told("7.18446744073709551615")).isEqualTo("[][1, 4][3]10");
        assertThat(told("7")).isEqualTo("[][1, 4][3]10");
    }

    @Test
    void what_cannot_be_told_of_a_part_is_not_told() throws IOException, MethodFault {
        ChangeStep step = ChangeStep.of("7.1");
        assertThat(step.changes(modSeq -> modSeq < 7 ? Optional.empty() : since(modSeq)))
                .isEmpty();
        assertThat(step.text()).isEqualTo("7.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"7.", ".1", "7.-1", "7.1.2", "7.x", "x.1", "7.18446744073709551616"})
    void state_that_never_was_leads_nowhere(String state) {
        assertThatThrownBy(() -> ChangeStep.of(state)).isInstanceOf(MethodFault.class);
    }
}
