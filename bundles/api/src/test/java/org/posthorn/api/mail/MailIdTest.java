package org.posthorn.api.mail;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MailIdTest {

    @Test
    void ids_rise_and_are_read_back() {
        MailId first = MailId.next();
        MailId second = MailId.next();
        assertThat(second).isGreaterThan(first);
        assertThat(MailId.of(first.number())).isEqualTo(first);
    }

    @Test
    void ids_go_on_after_one_of_the_future() {
        MailId future = MailId.of(MailId.next().number() + 1_000_000);
        MailId.after(future);
        assertThat(MailId.next()).isGreaterThan(future);
    }
}
