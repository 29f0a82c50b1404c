package org.posthorn.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;

class StepTest {

    private final Deque<BundleException> failures = new ArrayDeque<>();

    private final Bundle bundle = (Bundle) Proxy.newProxyInstance(
            StepTest.class.getClassLoader(), new Class<?>[] {Bundle.class}, (proxy, method, arguments) -> {
                if (method.getName().equals("start") && !failures.isEmpty()) throw failures.remove();
                return null;
            });

    @Test
    void a_framework_that_has_its_hands_full_is_asked_again() throws Unfit {
        failures.addAll(List.of(
                new BundleException("Unable to acquire global lock for resolve."),
                new BundleException("Unable to acquire global lock for resolve.")));
        Step.start(bundle, Duration.ofSeconds(30));
        assertThat(failures).isEmpty();
    }

    @Test
    void what_does_not_start_is_not_tried_twice() {
        failures.addAll(List.of(new BundleException("no start today"), new BundleException("nor tomorrow")));
        assertThatThrownBy(() -> Step.start(bundle, Duration.ofSeconds(30)))
                .isInstanceOf(Unfit.class)
                .hasMessageContaining("no start today");
        assertThat(failures).hasSize(1);
    }
}
