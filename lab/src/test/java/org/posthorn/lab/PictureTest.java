package org.posthorn.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class PictureTest {

    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    private final Picture picture = new Picture();

    private List<String> lines(int width, int height) {
        return picture.draw(width, height, "the foot").stream()
                .map(line -> line.replaceAll("\033\\[[0-9;]*m", ""))
                .toList();
    }

    @Test
    void stations_fill_in_as_the_mail_goes() {
        picture.add(new Happening.Reached(BEGIN, Hop.MUA));
        assertThat(lines(120, 30)).anyMatch(l -> l.matches(" +▶ +MUA .*"));
        picture.add(new Happening.Passed(BEGIN.plusMillis(100), Hop.MUA, "written"));
        picture.add(new Happening.Reached(BEGIN.plusMillis(100), Hop.MSA));
        picture.add(new Happening.Passed(BEGIN.plusMillis(1500), Hop.MSA, "taken"));
        assertThat(lines(120, 30))
                .anyMatch(l -> l.matches(" *0.1✓ MUA .*"))
                .anyMatch(l -> l.matches(" *1.5✓ MSA .*"))
                .anyMatch(l -> l.matches(" +DNS .*"));
    }

    @Test
    void the_last_lines_that_were_said_stand_beside_and_fit_the_terminal() {
        for (int i = 0; i < 2000; i++)
            picture.add(new Happening.Said(BEGIN, Hop.MX, 'C', "line " + i + " " + "x".repeat(200)));
        List<String> lines = lines(100, 24);
        assertThat(lines).hasSizeLessThanOrEqualTo(24).allMatch(l -> l.length() <= 100);
        assertThat(String.join("\n", lines)).contains("C: line 1999 ").doesNotContain("C: line 1900 ");
        assertThat(lines.get(lines.size() - 1)).isEqualTo("the foot");
    }
}
