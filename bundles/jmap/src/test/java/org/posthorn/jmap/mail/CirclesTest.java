package org.posthorn.jmap.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CirclesTest {

    @Test
    void a_circle_waits_for_nobody_else() {
        Map<String, List<String>> waits = new LinkedHashMap<>();
        waits.put("beside", List.of("a"));
        waits.put("a", List.of("b"));
        waits.put("b", List.of("c", "a"));
        waits.put("c", List.of("a"));
        waits.put("x", List.of("y"));
        waits.put("y", List.of("x"));
        waits.put("between", List.of("also", "x"));
        waits.put("also", List.of("between"));
        assertThat(Circles.of(waits)).containsExactly(Set.of("a", "b", "c"), Set.of("x", "y"));
    }
}
