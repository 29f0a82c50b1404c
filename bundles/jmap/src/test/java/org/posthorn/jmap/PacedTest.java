package org.posthorn.jmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PacedTest {

    private long now;

    @Test
    void what_drips_is_refused_however_fast_it_began() throws Exception {
        Paced in = new Paced(new ByteArrayInputStream(new byte[200_000]), () -> now);
        assertThat(in.readNBytes(100_000)).hasSize(100_000);
        now += TimeUnit.SECONDS.toNanos(61);
        assertThat(in.readNBytes(40_000)).hasSize(40_000);
        now += TimeUnit.SECONDS.toNanos(61);
        assertThatThrownBy(in::read).isInstanceOf(Paced.Slow.class);
    }

    @Test
    void what_comes_within_a_minute_may_be_short() throws Exception {
        Paced in = new Paced(new ByteArrayInputStream(new byte[10]), () -> now += TimeUnit.SECONDS.toNanos(1));
        assertThat(in.readAllBytes()).hasSize(10);
    }
}
