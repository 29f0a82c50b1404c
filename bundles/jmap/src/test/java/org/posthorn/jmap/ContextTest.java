package org.posthorn.jmap;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.lease.Leased;

@Timeout(60)
class ContextTest {

    @TempDir
    Path folder;

    /** As in a swap: the new one waits for the old one, and that for the call. */
    @Test
    void a_call_has_one_version_of_a_service_from_beginning_to_end() throws Exception {
        Leased<String> versions = new Leased<>();
        versions.add("old", Map.of("service.id", 1L));
        Thread swap = new Thread(() -> versions.remove("old"));
        try (Context call = new Context(Talk.DEMO, new Talk(folder).services(), new HashMap<>())) {
            assertThat(call.lease(versions)).isEqualTo("old");
            versions.add("new", Map.of("service.id", 2L));
            swap.start();
            while (best(versions).equals("old")) Thread.onSpinWait();
            assertThat(call.lease(versions)).isEqualTo("old");
            assertThat(swap.isAlive()).isTrue();
        }
        swap.join();
        assertThat(best(versions)).isEqualTo("new");
    }

    private static String best(Leased<String> versions) {
        try (Lease<String> best = versions.lease().orElseThrow()) {
            return best.get();
        }
    }
}
