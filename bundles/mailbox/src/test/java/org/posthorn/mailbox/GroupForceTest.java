package org.posthorn.mailbox;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Who hears what of a force that failed. */
class GroupForceTest {

    private final AtomicBoolean broken = new AtomicBoolean();
    private final GroupForce group = new GroupForce(this::force);

    private void force() throws IOException {
        // The kernel tells it once.
        if (broken.getAndSet(false)) throw new IOException("Input/output error");
    }

    @Test
    void all_who_wait_hear_of_a_failed_force_though_the_next_one_succeeds() {
        long one = group.written();
        long other = group.written();
        broken.set(true);
        assertThatThrownBy(() -> group.await(one)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> group.await(other)).isInstanceOf(IOException.class);
    }

    @Test
    void what_stands_behind_something_that_was_lost_is_not_safe_either() {
        long lost = group.written();
        broken.set(true);
        assertThatThrownBy(() -> group.await(lost)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> group.await(group.written())).isInstanceOf(IOException.class);
    }

    @Test
    void what_was_forced_before_stays_so() throws IOException {
        long safe = group.written();
        group.await(safe);
        broken.set(true);
        assertThatThrownBy(() -> group.await(group.written())).isInstanceOf(IOException.class);
        group.await(safe);
    }

    @Test
    void a_file_that_was_written_anew_is_trusted_again() throws IOException {
        long mark = group.written();
        broken.set(true);
        assertThatThrownBy(() -> group.await(mark)).isInstanceOf(IOException.class);
        group.anew(() -> {});
        group.await(mark);
        group.await(group.written());
    }

    @Test
    void one_that_could_not_be_written_anew_is_not() {
        long mark = group.written();
        assertThatThrownBy(() -> group.anew(() -> {
                    throw new IOException("No space left on device");
                }))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> group.await(mark)).isInstanceOf(IOException.class);
    }

    @Test
    void nobody_closes_as_whole_what_a_failed_force_has_lost() {
        long mark = group.written();
        broken.set(true);
        assertThatThrownBy(() -> group.await(mark)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> group.last(() -> {})).isInstanceOf(IOException.class);
        assertThatCode(() -> group.anew(() -> {})).doesNotThrowAnyException();
        assertThatCode(() -> group.last(() -> {})).doesNotThrowAnyException();
    }
}
