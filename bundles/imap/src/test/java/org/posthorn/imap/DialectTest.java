package org.posthorn.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.posthorn.api.mailbox.MailboxFault;

class DialectTest {

    @Test
    void names_of_mailboxes_are_atoms_where_they_can_be() {
        for (Dialect dialect : Dialect.values()) {
            assertThat(dialect.mailbox("INBOX")).isEqualTo("INBOX");
            assertThat(dialect.mailbox("a b\"c")).isEqualTo("\"a b\\\"c\"");
            assertThat(dialect.mailbox("nil")).isEqualTo("\"nil\"");
            assertThat(dialect.mailbox("")).isEqualTo("\"\"");
        }
        assertThat(Dialect.REV1.mailbox("台北 & Co")).isEqualTo("\"&U,BTFw- &- Co\"");
        assertThat(Dialect.UTF8.mailbox("grün")).isEqualTo("\"gr\u00c3\u00bcn\"");
        assertThat(Dialect.REV2.mailbox("&AAA-")).isEqualTo("&AAA-");
    }

    @Test
    void names_are_read_as_they_are_written() throws IOException {
        assertThat(Dialect.REV1.read("&U,BTFw- &- Co")).isEqualTo("台北 & Co");
        assertThat(Dialect.REV1.read("gr\u00c3\u00bcn")).isEqualTo("grün");
        assertThat(Dialect.REV2.read("&U,BTFw-")).isEqualTo("&U,BTFw-");
        // RFC 3629 10: overlong forms and surrogates are none.
        for (String wrong : new String[] {"\u00fc", "\u00c0\u00af", "\u00ed\u00a0\u0080", "a\u00c3", "\u00f8\u0088"})
            for (Dialect dialect : new Dialect[] {Dialect.UTF8, Dialect.REV2})
                assertThatThrownBy(() -> dialect.read(wrong)).isInstanceOf(MailboxFault.class);
    }

    @Test
    void strings_are_utf_8_for_who_takes_that_alone() {
        assertThat(string(Dialect.REV1, "gr\u00fcn")).isEqualTo("{4}\r\ngr\u00fcn");
        assertThat(string(Dialect.REV2, "gr\u00fcn")).isEqualTo("\"gr\u00c3\u00bcn\"");
        assertThat(string(Dialect.UTF8, "gr\u00c3\u00bc\"n")).isEqualTo("\"gr\u00c3\u00bc\\\"n\"");
        assertThat(string(Dialect.REV2, "gr\u00c3\u00bc\nn")).isEqualTo("{6}\r\ngr\u00c3\u00bc\nn");
        assertThat(words(Dialect.REV1, "gr\u00c3\u00bcn =?utf-8?q?=C3=BC?=")).isEqualTo("\"=?utf-8?b?Z3LDvG4gw7w=?=\"");
        assertThat(words(Dialect.REV1, "=?utf-8?q?=C3=BC?=")).isEqualTo("\"=?utf-8?q?=C3=BC?=\"");
        assertThat(words(Dialect.REV2, "=?utf-8?q?=C3=BC?=")).isEqualTo("\"=?utf-8?q?=C3=BC?=\"");
    }

    private static String string(Dialect dialect, String octets) {
        return dialect.string(new StringBuilder(), octets).toString();
    }

    private static String words(Dialect dialect, String octets) {
        return dialect.words(new StringBuilder(), octets).toString();
    }
}
