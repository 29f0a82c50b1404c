package org.posthorn.autoconfig;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the programs of draft-ietf-mailmaint-pacc are told, and by which digest they know that it is the domain's word. */
@Timeout(60)
class PaccTest {

    private static final String HOST = "ua-auto-config.one.test";

    private static final String DOCUMENT =
            "{\"protocols\":{\"jmap\":{\"url\":\"https://web.one.test/.well-known/jmap\"},"
                    + "\"imap\":{\"host\":\"mail.one.test\"},\"pop3\":{\"host\":\"mail.one.test\"},"
                    + "\"submit\":{\"host\":\"mail.one.test\"},\"smtp\":{\"host\":\"mail.one.test\"}},"
                    + "\"authentication\":{\"password\":true},\"info\":{\"provider\":{\"name\":\"one.test\"}}}";

    private WebServer server;

    @BeforeEach
    void start() throws Exception {
        server = new WebServer();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private static Offer offer(String jmap, String name, Server... servers) {
        Optional<URI> session = Optional.of(jmap).filter(u -> !u.isEmpty()).map(URI::create);
        return new Offer("mail.one.test", List.of(servers), Optional.empty(), session, name);
    }

    private static Server at(Service service, int port) {
        return new Server(service, port);
    }

    private static Optional<String> document(Offer offer) {
        return Pacc.of(offer, "one.test").map(Pacc::document);
    }

    @ParameterizedTest
    @ValueSource(strings = {HOST, "UA-Auto-Config.One.Test", HOST + ":8443"})
    void a_program_is_told_of_all_servers_at_the_host_of_the_domain(String host) throws Exception {
        String answer = server.raw(Pacc.PATH, host);
        assertThat(answer).startsWith("HTTP/1.1 200").endsWith("\r\n\r\n" + DOCUMENT);
        assertThat(answer.lines().map(String::toLowerCase))
                .contains("content-type: application/json", "cache-control: no-cache");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "one.test",
                "autoconfig.one.test",
                "ua-auto-config.two.test",
                "ua-auto-config.",
                "ua-auto-config",
                "ua-auto-config.ua-auto-config.one.test",
                "xua-auto-config.one.test",
                "_ua-auto-config.one.test",
                "ua-auto-config.[::1]",
                "ua-auto-config.one.test@two.test",
                "ua-auto-config.\"one.test\"",
                "ua-auto-config.one.test\\",
                "127.0.0.1"
            })
    void elsewhere_there_is_nothing(String host) throws Exception {
        assertThat(server.raw(Pacc.PATH, host))
                .matches("(?s)HTTP/1\\.1 40[04] .*")
                .doesNotContain("protocols", "mail.one.test");
    }

    @Test
    void a_host_of_any_length_is_refused() throws Exception {
        assertThat(server.raw(Pacc.PATH, HOST.replace("one", "a".repeat(4000))))
                .matches("(?s)HTTP/1\\.1 4\\d\\d .*")
                .doesNotContain("protocols");
    }

    @Test
    void it_is_read_alone() throws Exception {
        HttpRequest post = server.to(Pacc.PATH)
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build();
        HttpResponse<String> response = server.send(post);
        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.headers().firstValue("Allow")).hasValue("GET");
    }

    @Test
    void a_directory_that_cannot_tell_puts_programs_off() throws Exception {
        server.domains.away = true;
        assertThat(server.raw(Pacc.PATH, HOST)).startsWith("HTTP/1.1 503").contains("Retry-After");
    }

    @Test
    void each_domain_has_its_own_and_the_letters_that_it_is_asked_in_make_no_difference() throws Exception {
        String domain = "b\u00fccher.test";
        server.offers.addDirectory(new Domains(domain), Map.of("name", "other"));
        Pacc pacc = Pacc.of(server.offers.now(), domain).orElseThrow();
        assertThat(pacc.document()).isEqualTo(DOCUMENT.replace("\"one.test\"", "\"" + domain + "\""));
        assertThat(server.raw(Pacc.PATH, "ua-auto-config.xn--bcher-kva.test")).endsWith(pacc.document());
    }

    /** Computed by other means: {@code printf %s '{"protocols"…' | openssl dgst -sha256 -binary | base64}. */
    @Test
    void the_digest_is_that_of_the_octets_that_are_sent() {
        assertThat(Pacc.of(server.offers.now(), "one.test").orElseThrow().digest())
                .isEqualTo("v=UAAC1; a=sha256; d=Kgecv5Hlu6AzxZPL+E6dZ9LdIkFXsWB8TPLO1UYZFxw=");
    }

    @Test
    void the_document_and_its_digest_change_with_what_is_offered_and_with_nothing_else() {
        Pacc first = Pacc.of(server.offers.now(), "one.test").orElseThrow();
        server.listened.put(Service.IMAP, 1143);
        server.listened.remove(Service.SUBMISSION);
        assertThat(Pacc.of(server.offers.now(), "one.test")).contains(first);
        server.listened.remove(Service.POP3S);
        Pacc second = Pacc.of(server.offers.now(), "one.test").orElseThrow();
        assertThat(second.document()).isEqualTo(DOCUMENT.replace("\"pop3\":{\"host\":\"mail.one.test\"},", ""));
        assertThat(second.digest()).isNotEqualTo(first.digest());
    }

    @Test
    void what_is_at_another_port_or_behind_starttls_is_not_told_of() {
        Offer odd = offer(
                "https://web.one.test:8443/.well-known/jmap",
                "",
                at(Service.IMAPS, 993),
                at(Service.IMAP, 143),
                at(Service.POP3S, 1995),
                at(Service.SUBMISSIONS, 465),
                at(Service.SUBMISSION, 587));
        assertThat(document(odd).orElseThrow())
                .contains("\"imap\":{\"host\":\"mail.one.test\"},\"submit\"")
                .doesNotContain("jmap", "pop3", "8443");
    }

    @Test
    void the_usual_port_of_jmap_may_be_written() {
        assertThat(document(offer("https://web.one.test:443/.well-known/jmap", "")))
                .hasValueSatisfying(text -> assertThat(text).contains("\"url\":\"https://web.one.test:443/"));
    }

    @Test
    void who_could_not_both_read_and_send_is_told_of_nothing() {
        assertThat(document(offer("", "", at(Service.IMAPS, 993)))).isEmpty();
        assertThat(document(offer("", "", at(Service.SUBMISSIONS, 465)))).isEmpty();
        assertThat(document(offer("", "", at(Service.IMAPS, 2993), at(Service.SUBMISSIONS, 465))))
                .isEmpty();
        assertThat(document(offer("", "", at(Service.POP3S, 995), at(Service.SUBMISSIONS, 465))))
                .isPresent();
        assertThat(document(offer("https://web.one.test/jmap", "", at(Service.IMAPS, 2993))))
                .hasValueSatisfying(text -> assertThat(text).contains("jmap").doesNotContain("imap"));
    }

    @Test
    void a_server_without_its_usual_ports_has_no_such_document() throws Exception {
        server.close();
        server = new WebServer("");
        server.listened.put(Service.SUBMISSIONS, 2465);
        assertThat(server.raw(Pacc.PATH, HOST)).startsWith("HTTP/1.1 404");
        assertThat(server.raw("/mail/config-v1.1.xml", "autoconfig.one.test")).startsWith("HTTP/1.1 200");
    }

    @Test
    void any_name_stays_a_string_of_sixty_characters_at_most() {
        Server[] servers = {at(Service.IMAPS, 993), at(Service.SUBMISSIONS, 465)};
        assertThat(document(offer("", "A \"B\" \\ \n C", servers)).orElseThrow())
                .endsWith("{\"name\":\"A \\\"B\\\" \\\\ \\u000a C\"}}}");
        assertThat(document(offer("", "a".repeat(59) + "\ud83d\udcef", servers)).orElseThrow())
                .endsWith("{\"name\":\"" + "a".repeat(59) + "\"}}}");
    }
}
