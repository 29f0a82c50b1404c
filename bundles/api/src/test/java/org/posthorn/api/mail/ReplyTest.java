package org.posthorn.api.mail;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReplyTest {

    @Test
    void it_is_one_line_whoever_says_it() {
        assertThat(new Reply(550, "5.7.1\r\n250 2.0.0", "no\r\n250 Ok\tyes\u001b[2J\u009b1m\u2028\u202e"))
                .hasToString("550 5.7.1??250 2.0.0 no 250 Ok yes?[2J?1m??");
        assertThat(new Reply(250, "", "Grüße")).hasToString("250 Grüße");
    }

    @Test
    void lines_stay_where_several_are_shown() {
        assertThat(Printable.lines("a\tb\nc\r\u0007d")).isEqualTo("a\tb\nc??d");
    }
}
