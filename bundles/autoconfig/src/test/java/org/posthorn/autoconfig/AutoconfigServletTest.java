package org.posthorn.autoconfig;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

/** What mail programs send, over HTTP, and what strangers do. */
@Timeout(60)
class AutoconfigServletTest {

    private static final String CONFIG = "/mail/config-v1.1.xml";

    private WebServer server;

    @BeforeEach
    void start() throws Exception {
        server = new WebServer();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    static Document wellFormed(String text) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        // A plist names Apple's document type; nothing is to be fetched for a test.
        factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
        return factory.newDocumentBuilder().parse(new InputSource(new StringReader(text)));
    }

    static String request(String address) {
        return """
                <?xml version="1.0" encoding="utf-8"?>
                <Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006">
                  <Request>
                    <EMailAddress>%s</EMailAddress>
                    <AcceptableResponseSchema>http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a</AcceptableResponseSchema>
                  </Request>
                </Autodiscover>
                """.formatted(address);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Test
    void thunderbird_is_told_of_tls_first_then_starttls_then_jmap() throws Exception {
        HttpResponse<String> response = server.get(CONFIG + "?emailaddress=ann@one.test");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type").orElseThrow().toLowerCase())
                .isEqualTo("text/xml;charset=utf-8");
        assertThat(response.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(response.body()).isEqualTo(Golden.CLIENT_CONFIG);
        wellFormed(response.body());
    }

    @Test
    void it_finds_the_same_at_the_well_known_path() throws Exception {
        assertThat(server.get("/.well-known/autoconfig" + CONFIG + "?emailaddress=ann@one.test")
                        .body())
                .isEqualTo(Golden.CLIENT_CONFIG);
    }

    @ParameterizedTest
    @ValueSource(strings = {"autoconfig.one.test", "one.test", "One.Test:8080", "AUTOCONFIG.one.test"})
    void who_names_no_address_is_told_of_the_domain_that_he_calls_the_server_by(String host) throws Exception {
        assertThat(server.raw(CONFIG, host)).startsWith("HTTP/1.1 200").endsWith(Golden.CLIENT_CONFIG);
        assertThat(server.raw(CONFIG + "?emailaddress=", host)).endsWith(Golden.CLIENT_CONFIG);
    }

    @Test
    void a_domain_in_other_letters_is_told_of_as_the_dns_writes_it() throws Exception {
        String domain = "b\u00fccher.test";
        server.offers.addDirectory(new Domains(domain), Map.of("name", "other"));
        String golden = Golden.CLIENT_CONFIG
                .replace("\"one.test\"", "\"xn--bcher-kva.test\"")
                .replace("<domain>one.test<", "<domain>xn--bcher-kva.test<")
                .replace("Name>one.test<", "Name>" + domain + "<");
        assertThat(server.get(CONFIG + "?emailaddress=" + encoded("ann@" + domain))
                        .body())
                .isEqualTo(golden);
        assertThat(server.raw(CONFIG, "autoconfig.xn--bcher-kva.test"))
                .startsWith("HTTP/1.1 200")
                .contains("<domain>xn--bcher-kva.test</domain>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"autoconfig.two.test", "127.0.0.1", "[::1]", "x", "autoconfig."})
    void another_host_is_none_of_ours(String host) throws Exception {
        assertThat(server.raw(CONFIG, host)).startsWith("HTTP/1.1 404");
    }

    @Test
    void a_user_who_does_not_exist_is_answered_as_one_who_does() throws Exception {
        // The directory of this test fails whoever asks it for a user.
        assertThat(server.get(CONFIG + "?emailaddress=nobody@ONE.test").body()).isEqualTo(Golden.CLIENT_CONFIG);
        assertThat(server.post("/autodiscover/autodiscover.xml", request("nobody@one.test"))
                        .body())
                .isEqualTo(Golden.AUTODISCOVER.replace("ann@", "nobody@"));
        assertThat(server.get("/mobileconfig?address=nobody@one.test").statusCode())
                .isEqualTo(200);
    }

    @Test
    void a_domain_of_others_is_not_found_and_not_repeated() throws Exception {
        for (HttpResponse<String> response : List.of(
                server.get(CONFIG + "?emailaddress=ann@two.test"),
                server.get("/mobileconfig?address=ann@two.test"),
                server.post("/autodiscover/autodiscover.xml", request("ann@two.test")))) {
            assertThat(response.statusCode()).isEqualTo(404);
            assertThat(response.body()).doesNotContain("two.test");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no address",
                "@one.test",
                "ann@",
                "ann@one.test\u0000",
                "ann@one.test\r\nSet-Cookie: a=b",
                "ann@one.test<script>alert(1)</script>",
                "\"<script>@one.test",
                "%EMAILADDRESS%",
                "ann@[127.0.0.1]",
                "postmaster"
            })
    void what_is_no_address_is_refused_without_being_repeated(String hostile) throws Exception {
        for (String path : List.of(CONFIG + "?emailaddress=", "/mobileconfig?address=")) {
            HttpResponse<String> response = server.get(path + encoded(hostile));
            assertThat(response.statusCode()).isEqualTo(400);
            assertThat(response.headers().firstValue("Set-Cookie")).isEmpty();
            assertThat(response.body()).doesNotContain("script").doesNotContain(hostile);
        }
    }

    @Test
    void an_address_of_any_length_is_refused() throws Exception {
        assertThat(server.get(CONFIG + "?emailaddress=" + "a".repeat(4000) + "@one.test")
                        .statusCode())
                .isEqualTo(400);
        assertThat(server.post("/autodiscover/autodiscover.xml", request("a".repeat(9000) + "@one.test"))
                        .body())
                .isEqualTo(Golden.INVALID_REQUEST);
    }

    @Test
    void a_quoted_local_part_stays_text() throws Exception {
        String address = "\"<!--]]></string>&x;'\"@one.test";
        String profile = server.get("/mobileconfig?address=" + encoded(address)).body();
        assertThat(wellFormed(profile).getDocumentElement().getTextContent()).contains(address);
        String escaped = address.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        String answer =
                server.post("/autodiscover/autodiscover.xml", request(escaped)).body();
        assertThat(wellFormed(answer).getElementsByTagName("LoginName").item(0).getTextContent())
                .isEqualTo(address);
        String config = server.get(CONFIG + "?emailaddress=" + encoded(address)).body();
        assertThat(config).isEqualTo(Golden.CLIENT_CONFIG);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/autodiscover/autodiscover.xml",
                "/Autodiscover/Autodiscover.xml",
                "/AutoDiscover/AutoDiscover.xml",
                "/AUTODISCOVER/AUTODISCOVER.XML",
                "/autodiscover/AutoDiscover.XML"
            })
    void outlook_is_told_the_best_of_each_kind(String path) throws Exception {
        HttpResponse<String> response = server.post(path, request("ann@one.test"));
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo(Golden.AUTODISCOVER);
        wellFormed(response.body());
    }

    @Test
    void outlook_is_told_of_starttls_where_there_is_nothing_else() throws Exception {
        server.listened.keySet().retainAll(List.of(Service.IMAP, Service.SUBMISSION));
        String answer = server.post("/autodiscover/autodiscover.xml", request("ann@one.test"))
                .body();
        assertThat(answer)
                .contains("<Port>143</Port>", "<Port>587</Port>", "<Encryption>TLS</Encryption>")
                .doesNotContain("POP3", "<Encryption>SSL</Encryption>");
    }

    @Test
    void another_schema_is_not_provided() throws Exception {
        String mobile =
                request("ann@one.test").replace("outlook/responseschema/2006a", "mobilesync/responseschema/2006");
        HttpResponse<String> response = server.post("/autodiscover/autodiscover.xml", mobile);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).contains("<ErrorCode>601</ErrorCode>");
    }

    @Test
    void what_is_no_request_is_answered_with_the_protocols_own_error() throws Exception {
        for (String body : List.of("", "hello", "<Autodiscover/>", request("").replace("Request>", "Other>"))) {
            HttpResponse<String> response = server.post("/autodiscover/autodiscover.xml", body);
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body()).isEqualTo(Golden.INVALID_REQUEST);
        }
    }

    @Test
    void a_body_without_end_is_not_read_to_its_end() throws Exception {
        String endless = request("ann@one.test") + " ".repeat(AutodiscoverRequest.LONGEST);
        assertThat(server.post("/autodiscover/autodiscover.xml", endless).statusCode())
                .isEqualTo(413);
    }

    @Test
    void newer_outlooks_are_led_to_the_first_version() throws Exception {
        for (String path : List.of(
                "/autodiscover/autodiscover.json?Email=ann@one.test&Protocol=AutodiscoverV1",
                "/autodiscover/autodiscover.json/v1.0/nobody@two.test?Protocol=Autodiscoverv1"))
            assertThat(server.get(path).body())
                    .isEqualTo("{\"Protocol\":\"AutodiscoverV1\",\"Url\":"
                            + "\"https://web.one.test/autodiscover/autodiscover.xml\"}");
        HttpResponse<String> other = server.get("/autodiscover/autodiscover.json?Protocol=%22Ews");
        assertThat(other.statusCode()).isEqualTo(400);
        assertThat(other.body()).contains("InvalidProtocol").doesNotContain("Ews");
    }

    @Test
    void a_profile_has_no_password_and_is_the_same_each_time() throws Exception {
        HttpResponse<String> response = server.get("/mobileconfig?address=ann@one.test");
        assertThat(response.headers().firstValue("Content-Type").orElseThrow())
                .startsWith("application/x-apple-aspen-config");
        assertThat(response.headers().firstValue("Content-Disposition"))
                .hasValue("attachment; filename=\"mail.mobileconfig\"");
        assertThat(response.body()).isEqualTo(Golden.PROFILE);
        assertThat(server.get("/mobileconfig?address=ann@ONE.test").body()).isEqualTo(Golden.PROFILE);
        assertThat(server.get("/mobileconfig?address=bob@one.test").body()).doesNotContain(Golden.PROFILE_UUID);
        wellFormed(response.body());
    }

    @Test
    void other_methods_are_told_what_is_taken() throws Exception {
        HttpResponse<String> get = server.get("/autodiscover/autodiscover.xml");
        assertThat(get.statusCode()).isEqualTo(405);
        assertThat(get.headers().firstValue("Allow")).hasValue("POST");
        assertThat(server.post(CONFIG, "").statusCode()).isEqualTo(405);
        assertThat(server.get("/autodiscover/other").statusCode()).isEqualTo(404);
    }

    @Test
    void a_head_is_answered_as_a_get_without_its_body() throws Exception {
        HttpRequest head = server.to(CONFIG + "?emailaddress=ann@one.test")
                .method("HEAD", HttpRequest.BodyPublishers.noBody())
                .build();
        HttpResponse<String> response = server.send(head);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEmpty();
    }

    @Test
    void a_directory_that_cannot_tell_puts_programs_off() throws Exception {
        server.domains.away = true;
        HttpResponse<String> response = server.get(CONFIG + "?emailaddress=ann@one.test");
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("Retry-After")).isPresent();
        server.offers.addDirectory(new Domains("one.test"), Map.of("name", "other"));
        assertThat(server.get(CONFIG + "?emailaddress=ann@one.test").statusCode())
                .isEqualTo(200);
    }

    @Test
    void without_a_server_to_read_at_or_to_send_by_nothing_is_told() throws Exception {
        server.listened.keySet().removeIf(Service::sends);
        assertThat(server.get(CONFIG + "?emailaddress=ann@one.test").statusCode())
                .isEqualTo(404);
        assertThat(server.get("/mobileconfig?address=ann@one.test").statusCode())
                .isEqualTo(404);
    }

    /** The paths that the servlet asks for, as the container reads them. */
    static String[] patterns() throws Exception {
        byte[] component = AutoconfigServletTest.class
                .getResourceAsStream("/OSGI-INF/org.posthorn.autoconfig.AutoconfigServlet.xml")
                .readAllBytes();
        Document xml =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new ByteArrayInputStream(component));
        var properties = xml.getElementsByTagName("property");
        for (int i = 0; i < properties.getLength(); i++)
            if (properties
                    .item(i)
                    .getAttributes()
                    .getNamedItem("name")
                    .getNodeValue()
                    .equals("patterns"))
                return properties.item(i).getTextContent().strip().split("\\s+");
        throw new AssertionError("no patterns");
    }
}
