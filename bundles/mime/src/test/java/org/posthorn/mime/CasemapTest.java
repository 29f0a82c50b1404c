package org.posthorn.mime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** RFC 5051 */
class CasemapTest {

    @Test
    @Timeout(5)
    void marks_on_one_letter_take_no_longer_than_letters() {
        for (String marks : new String[] {"\u0301\u0323", "\uff9e\u0334", "\u0344\u0323"})
            assertThat(TextSearch.fold("a" + marks.repeat(100_000))).startsWith("a");
    }

    @Test
    void order_of_marks_that_do_not_touch_does_not_count() {
        assertThat(Casemap.of("q\u0307\u0323")).isEqualTo(Casemap.of("Q\u0323\u0307"));
        assertThat(Casemap.of("\u0301".repeat(30) + "x")).isEqualTo("\u0301".repeat(30) + "X");
    }
}
