package org.posthorn.users;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.posthorn.api.mail.Address;

class FirstStartTest {

    private static final Address DEMO = Address.of("demo@example.test");

    private final Town town = new Town();

    private static FirstStart finished(FirstStart start) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!start.ready() && System.nanoTime() < end) LockSupport.parkNanos(100_000);
        assertThat(start.ready()).isTrue();
        return start;
    }

    @Test
    void an_empty_directory_gets_the_default_domain_and_a_demo_user() {
        FirstStart start = finished(new FirstStart(true, Town.backends(town), Town.routing()));
        assertThat(town.domains).containsExactly("example.test");
        assertThat(start.secrets())
                .containsExactly("demo account demo@example.test with the password " + town.passwords.get(DEMO));
    }

    @Test
    void a_directory_that_has_been_begun_with_is_left_as_it_is() {
        town.addDomain("other.test");
        FirstStart start = finished(new FirstStart(true, Town.backends(town), Town.routing()));
        assertThat(town.domains).containsExactly("other.test");
        assertThat(town.passwords).isEmpty();
        assertThat(start.secrets()).isEmpty();
    }

    @Test
    void a_command_before_the_first_start_makes_nobody() {
        FirstStart start = new FirstStart(false, Town.backends(town), Town.routing());
        assertThat(start.ready()).isTrue();
        assertThat(town.domains).isEmpty();
    }

    @Test
    void a_registry_that_comes_later_is_waited_for_and_one_that_does_not_is_not() throws Exception {
        Backends backends = new Backends();
        FirstStart start = new FirstStart(true, backends, Town.routing());
        assertThat(start.ready()).isTrue();
        backends.addDirectory(town, Map.of());
        backends.addRegistry(town, Map.of());
        assertThat(finished(start).secrets()).hasSize(1);
        start.stop();
    }

    @Test
    void a_directory_that_stays_broken_does_not_hold_up_the_start() throws Exception {
        town.broken = true;
        FirstStart start = finished(new FirstStart(true, Town.backends(town), Town.routing()));
        assertThat(start.secrets()).isEmpty();
        start.stop();
    }

    @Test
    void it_can_be_stopped_before_it_began() throws Exception {
        Backends backends = new Backends();
        FirstStart start = new FirstStart(true, backends, Town.routing());
        start.stop();
        backends.addDirectory(town, Map.of());
        backends.addRegistry(town, Map.of());
        assertThat(town.domains).isEmpty();
    }
}
