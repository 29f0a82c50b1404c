package org.posthorn.jmap.mail;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.mime.StoredMessage;

/** RFC 8621 4.1.2 and 4.1.3 */
class HeaderPropertyTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** @param header with a bar for each line end */
    private static String value(String property, String header) throws IOException {
        StoredMessage message = StoredMessage.of((header + "||").replace("|", "\r\n"));
        return HeaderProperty.convenient(property)
                .or(() -> HeaderProperty.parse(property))
                .orElseThrow()
                .of(message.header())
                .toString();
    }

    private static final String RFC_LIST = ": \"  James Smythe\" <james@example.com>, Friends:|"
            + "  jane@example.com, =?UTF-8?Q?John_Sm=C3=AEth?=|  <john@example.com>;";

    @Test
    void addresses_of_the_rfc_are_told_without_their_group() throws IOException {
        assertThat(JSON.readTree(value("to", "To" + RFC_LIST)))
                .isEqualTo(JSON.readTree("[{\"name\":\"James Smythe\",\"email\":\"james@example.com\"},"
                        + "{\"name\":null,\"email\":\"jane@example.com\"},"
                        + "{\"name\":\"John Smîth\",\"email\":\"john@example.com\"}]"));
    }

    @Test
    void addresses_of_the_rfc_are_told_by_their_groups() throws IOException {
        assertThat(JSON.readTree(value("header:Cc:asGroupedAddresses", "cc" + RFC_LIST)))
                .isEqualTo(JSON.readTree(
                        "[{\"name\":null,\"addresses\":[{\"name\":\"James Smythe\",\"email\":\"james@example.com\"}]},"
                                + "{\"name\":\"Friends\",\"addresses\":[{\"name\":null,\"email\":\"jane@example.com\"},"
                                + "{\"name\":\"John Smîth\",\"email\":\"john@example.com\"}]}]"));
    }

    @Test
    void addresses_behind_a_group_are_a_group_without_name() throws IOException {
        assertThat(value("header:To:asGroupedAddresses", "To: a@x, G:;, b@x, c@x"))
                .isEqualTo(
                        "[{\"name\":null,\"addresses\":[{\"name\":null,\"email\":\"a@x\"}]},"
                                + "{\"name\":\"G\",\"addresses\":[]},"
                                + "{\"name\":null,\"addresses\":[{\"name\":null,\"email\":\"b@x\"},{\"name\":null,\"email\":\"c@x\"}]}]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "header:subject~Subject: a|Subject:  b |c~\"  b \"",
                "header:Subject:all~Subject: a|subject: b~[\" a\",\" b\"]",
                "header:Subject:asText:all~Subject: a|subject: b~[\"a\",\"b\"]",
                "header:X~Subject: a~null",
                "header:X:all~Subject: a~[]",
                "header:X:asText~X: a|  b~\"a  b\"",
                "header:X:asRaw~X: a|  b~\" a\\r\\n  b\"",
                "subject~Subject: =?utf-8?Q?a=C3=A4?= =?utf-8?B?w7Y=?= b~\"aäö b\"",
                "subject~Subject: x=?utf-8?Q?a?=~\"x=?utf-8?Q?a?=\"",
                "subject~Subject: =?utf-8?Q?a?=x~\"=?utf-8?Q?a?=x\"",
                "subject~Subject: =?no-such?Q?a?=~\"=?no-such?Q?a?=\"",
                "subject~Subject: =?utf-8?Q?a=00=0Ab?=~\"ab\"",
                "subject~Subject: =?utf-8?Q?a=FFb?=~\"a\uFFFDb\"",
                "subject~Subject: =?utf-8?Q?A=CC=88?=~\"Ä\"",
                "messageId~Message-ID: <a@b>~[\"a@b\"]",
                "messageId~Message-ID: (c) < \"a b\"@b > (d)~[\"\\\"a b\\\"@b\"]",
                "references~References: <a@b>|\t<c@d>~[\"a@b\",\"c@d\"]",
                "inReplyTo~In-Reply-To: your mail of <a@b>~[\"a@b\"]",
                "inReplyTo~In-Reply-To: your mail~null",
                "sentAt~Date: Tue, 10 Jul 2018 11:03:11 +1000~\"2018-07-10T11:03:11+10:00\"",
                "sentAt~Date: 10 Jul 2018 11:03 GMT~\"2018-07-10T11:03:00Z\"",
                "sentAt~Date: soon~null",
                "header:List-POST:asURLs~List-Post: <mailto:list@example.com>~[\"mailto:list@example.com\"]",
                "header:List-Help:asURLs~List-Help: <ftp://a.b/c> (FTP), <mailto:x@y?s= z> (Mail)~[\"ftp://a.b/c\",\"mailto:x@y?s=z\"]",
                "header:List-Post:asURLs~List-Post: NO (closed)~null",
                "from~From: a@b (Al)~[{\"name\":\"Al\",\"email\":\"a@b\"}]",
                "from~From: a~[{\"name\":null,\"email\":\"a\"}]",
                "from~From: \"a b\"@c~[{\"name\":null,\"email\":\"\\\"a b\\\"@c\"}]",
                "from~From: a@b|From: c@d~[{\"name\":null,\"email\":\"c@d\"}]"
            })
    void field_is_told_in_its_form(String property, String header, String json) throws IOException {
        assertThat(value(property, header)).isEqualTo(json);
    }

    @Test
    void octets_that_are_no_utf8_are_replaced_and_nul_is_dropped() throws IOException {
        assertThat(value("header:X", "X: \u00c3\u00a4\0\u00ff")).isEqualTo("\" ä\uFFFD\"");
        // U+FFFF, which I-JSON may not have, RFC 7493 2.1.
        assertThat(value("header:X", "X: a\u00ef\u00bf\u00bf")).isEqualTo("\" a\uFFFD\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "header:",
                "header::asText",
                "header:From:asDate",
                "header:from:asText",
                "header:Date:asAddresses",
                "header:Received:asText",
                "header:List-Post:asText",
                "header:Subject:asURLs",
                "header:Subject:astext",
                "header:Subject:all:asText",
                "header:Subject:asText:all:all",
                "header:Sub ject",
                "header:Sübject",
                "Header:Subject"
            })
    void form_that_does_not_suit_the_field_is_no_property(String property) {
        assertThat(HeaderProperty.parse(property)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "header:From:asRaw",
                "header:From:asGroupedAddresses:all",
                "header:Resent-Date:asDate",
                "header:List-Id:asText",
                "header:X-Own:asDate",
                "header:X-Own:asMessageIds",
                "header:Return-Path",
                "header:!#$%"
            })
    void form_that_suits_the_field_is_one(String property) {
        assertThat(HeaderProperty.parse(property)).isPresent();
    }
}
