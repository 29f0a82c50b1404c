package org.posthorn.autoconfig;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class AutodiscoverRequestTest {

    private static Optional<AutodiscoverRequest> parse(String text) {
        return AutodiscoverRequest.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void address_and_schema_are_read() {
        assertThat(parse(AutoconfigServletTest.request(" ann@one.test ")))
                .hasValue(new AutodiscoverRequest(
                        "ann@one.test",
                        "http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a"));
    }

    @Test
    void an_element_elsewhere_is_not_the_address() {
        assertThat(
                        parse(
                                "<Autodiscover><Request><X><EMailAddress>ann@one.test</EMailAddress></X></Request></Autodiscover>"))
                .hasValue(new AutodiscoverRequest("", ""));
    }

    @Test
    void sections_references_and_other_encodings_are_read() {
        String body =
                "<Autodiscover><Request><EMailAddress>a&#110;<![CDATA[n]]>@one<!-- -->.test</EMailAddress></Request></Autodiscover>";
        assertThat(parse(body).orElseThrow().address()).isEqualTo("ann@one.test");
        byte[] wide = ("<?xml version='1.0' encoding='UTF-16'?>" + body).getBytes(StandardCharsets.UTF_16);
        assertThat(AutodiscoverRequest.parse(wide).orElseThrow().address()).isEqualTo("ann@one.test");
    }

    @Test
    void a_document_type_is_refused_and_nothing_of_it_is_fetched(@TempDir Path folder) throws IOException {
        Path secret = Files.writeString(folder.resolve("secret"), "ann@one.test");
        try (ServerSocket asked = new ServerSocket(0)) {
            asked.setSoTimeout(1);
            String url = "http://127.0.0.1:" + asked.getLocalPort() + "/x.dtd";
            for (String type : new String[] {
                "<!DOCTYPE a SYSTEM '" + url + "'>",
                "<!DOCTYPE a [<!ENTITY e SYSTEM '" + secret.toUri() + "'>]>",
                "<!DOCTYPE a [<!ENTITY e SYSTEM '" + url + "'>]>",
                "<!DOCTYPE a [<!ENTITY % p SYSTEM '" + url + "'> %p;]>",
                "<!DOCTYPE a [<!ENTITY e 'ann@one.test'>]>",
                "<!DOCTYPE a>"
            })
                assertThat(parse(type
                                + "<Autodiscover><Request><EMailAddress>&e;</EMailAddress></Request></Autodiscover>"))
                        .as(type)
                        .isEmpty();
            assertThat(accepts(asked)).isFalse();
        }
    }

    private static boolean accepts(ServerSocket asked) throws IOException {
        try {
            asked.accept().close();
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    @Test
    void entities_do_not_multiply() {
        StringBuilder laughs = new StringBuilder("<!DOCTYPE a [<!ENTITY l0 'ha'>");
        for (int i = 1; i < 30; i++) laughs.append("<!ENTITY l" + i + " '&l" + (i - 1) + ";&l" + (i - 1) + ";'>");
        assertThat(parse(laughs
                        + "]><Autodiscover><Request><EMailAddress>&l29;</EMailAddress></Request></Autodiscover>"))
                .isEmpty();
    }

    @Test
    void depth_is_bounded() {
        assertThat(parse("<a>".repeat(16) + "</a>".repeat(16))).isPresent();
        assertThat(parse("<a>".repeat(17) + "</a>".repeat(17))).isEmpty();
    }

    @Test
    void whatever_comes_is_a_request_or_none() {
        Random random = new Random(20261129);
        byte[] sound = AutoconfigServletTest.request("ann@one.test").getBytes(StandardCharsets.UTF_8);
        int none = 0;
        for (int i = 0; i < 5000; i++) {
            byte[] changed = sound.clone();
            for (int n = random.nextInt(8) + 1; n > 0; n--)
                changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
            if (AutodiscoverRequest.parse(changed).isEmpty()) none++;
        }
        assertThat(none).isBetween(1, 4999);
    }
}
