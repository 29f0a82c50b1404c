package org.posthorn.api.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.posthorn.api.mail.HeaderField;
import org.posthorn.api.mail.Reply;

class VerdictTest {

    @Test
    void a_refusal_is_no_yes() {
        assertThatThrownBy(() -> new Verdict.Refuse(new Reply(250, "2.0.0", "Ok")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Verdict.Refuse(new Reply(1000, "", "")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(new Verdict.Refuse(new Reply(450, "", "later")).reply().code())
                .isEqualTo(450);
    }

    @Test
    void a_reason_is_one_line() {
        assertThat(new Verdict.Discard("a\r\nb\u001b").reason()).isEqualTo("a??b?");
        assertThat(new Verdict.Quarantine("a\nb").reason()).isEqualTo("a?b");
    }

    @Test
    void a_field_ends_at_its_end_alone() {
        HeaderField odd = new HeaderField("X: y\r\nBcc", " a\r\n\tb\r\n\r\nc\nd\re\r\n");
        assertThat(new Verdict.Pass(List.of(), List.of(odd)).fields())
                .containsExactly(new HeaderField("X--y--Bcc", " a\r\n\tb  c d e "));
    }
}
