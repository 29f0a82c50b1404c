package org.posthorn.autoconfig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.posthorn.api.shell.CommandLine;
import org.posthorn.api.shell.Page;

class AutoconfigCommandsTest {

    private static final Map<Service, Integer> LISTENED =
            Map.of(Service.IMAPS, 993, Service.IMAP, 143, Service.SUBMISSIONS, 465, Service.SUBMISSION, 587);

    private static Object run(Offers offers, String command, String word) throws Exception {
        return new AutoconfigCommands(offers)
                .commands().stream()
                        .filter(c -> c.name().equals(command))
                        .findFirst()
                        .orElseThrow()
                        .action()
                        .run(new CommandLine(List.of(word), Map.of(), progress -> {}));
    }

    @Test
    void the_zone_fragment_can_be_pasted() throws Exception {
        Offers offers =
                WebServer.offers("mail.one.test", "https://web.one.test:8443", LISTENED, new Domains("one.test"));
        Page page = (Page) run(offers, "dns", "One.test");
        assertThat(page.text()).isEqualTo("""
                $ORIGIN one.test.
                @                    3600 IN MX    10 mail.one.test.
                autoconfig           3600 IN CNAME web.one.test.
                autodiscover         3600 IN CNAME web.one.test.
                ua-auto-config       3600 IN CNAME web.one.test.
                _ua-auto-config      3600 IN TXT   "v=UAAC1; a=sha256; d=WQgCfonAf2HoA5ZQKhnxc+pwttzq7ChVITD225JtXNc="
                _imaps._tcp          3600 IN SRV   0 1 993 mail.one.test.
                _imap._tcp           3600 IN SRV   10 1 143 mail.one.test.
                _pop3s._tcp          3600 IN SRV   0 0 0 .
                _pop3._tcp           3600 IN SRV   0 0 0 .
                _submissions._tcp    3600 IN SRV   0 1 465 mail.one.test.
                _submission._tcp     3600 IN SRV   10 1 587 mail.one.test.
                _jmap._tcp           3600 IN SRV   0 1 8443 web.one.test.
                _autodiscover._tcp   3600 IN SRV   0 1 8443 web.one.test.
                ; autoconfig and autodiscover are asked for by HTTPS at port 443: the certificate must have their names.
                ; ua-auto-config likewise; its TXT is the digest of what is told there: print it again when host, ports, displayName or publicUrl change.""");
        assertThat(((ZoneFragment) page.value()).records())
                .contains(new ZoneFragment.Row("_imaps._tcp", 3600, "SRV", "0 1 993 mail.one.test."))
                .hasSize(13);
    }

    @Test
    void a_digest_of_what_is_not_told_is_not_printed() throws Exception {
        Map<Service, Integer> odd = Map.of(Service.IMAPS, 2993, Service.SUBMISSIONS, 2465);
        Offers offers = WebServer.offers("mail.one.test", "", odd, new Domains("one.test"));
        assertThat(((Page) run(offers, "dns", "one.test")).text())
                .contains("; There is no ua-auto-config")
                .doesNotContain("TXT", "UAAC1");
    }

    @Test
    void what_the_fragment_lacks_is_remarked_in_comments() throws Exception {
        Offers offers = WebServer.offers("laptop", "", LISTENED, new Domains("b\u00fccher.test"));
        String text = ((Page) run(offers, "dns", "b\u00fccher.test")).text();
        assertThat(text)
                .startsWith("$ORIGIN xn--bcher-kva.test.\n")
                .contains("; laptop is no full name", "; Set publicUrl")
                .doesNotContain("_jmap");
    }

    @Test
    void programs_are_told_the_best_first() throws Exception {
        Offers offers = WebServer.offers("mail.one.test", "https://web.one.test", LISTENED, new Domains("one.test"));
        assertThat(run(offers, "show", "ann@ONE.test"))
                .isEqualTo(List.of(
                        row("imaps", 993, "from the first octet"),
                        row("imap", 143, "STARTTLS"),
                        row("submissions", 465, "from the first octet"),
                        row("submission", 587, "STARTTLS"),
                        new AutoconfigCommands.Row(
                                "jmap",
                                "https://web.one.test/.well-known/jmap",
                                443,
                                "from the first octet",
                                "ann@one.test")));
    }

    private static AutoconfigCommands.Row row(String service, int port, String tls) {
        return new AutoconfigCommands.Row(service, "mail.one.test", port, tls, "ann@one.test");
    }

    @Test
    void what_cannot_be_told_is_said() {
        Offers offers = WebServer.offers("mail.one.test", "", Map.of(), new Domains("one.test"));
        assertThatThrownBy(() -> run(offers, "show", "ann@two.test")).hasMessageContaining("domain:add");
        assertThatThrownBy(() -> run(offers, "show", "ann")).hasMessageContaining("not a mail address");
        assertThatThrownBy(() -> run(offers, "dns", "one test")).hasMessageContaining("not a domain");
        assertThatThrownBy(() -> run(offers, "dns", "one.test")).hasMessageContaining("no listener");
    }
}
