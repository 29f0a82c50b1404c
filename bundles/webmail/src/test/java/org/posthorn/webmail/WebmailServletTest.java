package org.posthorn.webmail;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a browser gets, and what it does not. */
@Timeout(60)
class WebmailServletTest {

    private static final String SCRIPT = "export const words = 'words';\n".repeat(20);

    private final TreeMap<String, byte[]> files = new TreeMap<>();
    private WebServer server;
    private String version;

    @BeforeEach
    void start() throws Exception {
        file("index.html", "<script src=\"v-@version@/js/main.js\"></script>");
        file("js/main.js", SCRIPT);
        file("css/base.css", "a{}");
        file("lib/pure.es.mjs", "//");
        file("lib/LICENSE", "Apache");
        file("img/horn.svg", "<svg/>");
        file("mail.html", "<body>");
        file("mail-pictures.html", "<body>");
        server = new WebServer(Site.of(files));
        version = text(server.get("/mail/")).replaceAll(".*(v-[0-9a-f]{16})/.*", "$1");
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private void file(String path, String text) {
        files.put(path, text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    private static String field(HttpResponse<byte[]> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    @ParameterizedTest
    @CsvSource({
        "js/main.js, text/javascript;charset=utf-8",
        "css/base.css, text/css;charset=utf-8",
        "lib/pure.es.mjs, text/javascript;charset=utf-8",
        "img/horn.svg, image/svg+xml",
        "lib/LICENSE, text/plain;charset=utf-8",
        "mail.html, text/html;charset=utf-8"
    })
    void each_file_has_its_type(String path, String type) throws Exception {
        HttpResponse<byte[]> response = server.get("/mail/" + version + "/" + path);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(field(response, "Content-Type").replace("; ", ";")).isEqualToIgnoringCase(type);
        assertThat(field(response, "X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(response.body()).isEqualTo(files.get(path));
    }

    @Test
    void the_start_is_asked_for_anew_and_all_else_is_kept_by_its_version() throws Exception {
        assertThat(field(server.get("/mail/"), "Cache-Control")).isEqualTo("no-cache");
        assertThat(field(server.get("/mail/" + version + "/js/main.js"), "Cache-Control"))
                .isEqualTo("public, max-age=31536000, immutable");
    }

    @Test
    void any_other_file_makes_another_version() throws Exception {
        file("css/base.css", "a{color:red}");
        server.close();
        server = new WebServer(Site.of(files));
        assertThat(text(server.get("/mail/"))).doesNotContain(version);
        HttpResponse<byte[]> old = server.get("/mail/" + version + "/css/base.css");
        assertThat(text(old)).isEqualTo("a{color:red}");
        assertThat(field(old, "Cache-Control")).isEqualTo("no-cache");
    }

    @Test
    void what_a_browser_has_already_is_not_sent_again() throws Exception {
        String etag = field(server.get("/mail/"), "ETag");
        HttpResponse<byte[]> known = server.get("/mail/", "If-None-Match", "\"other\", W/" + etag);
        assertThat(known.statusCode()).isEqualTo(304);
        assertThat(known.body()).isEmpty();
        assertThat(field(known, "ETag")).isEqualTo(etag);
        assertThat(server.get("/mail/", "If-None-Match", "\"other\"").statusCode())
                .isEqualTo(200);
    }

    @Test
    void gzip_is_for_who_takes_it_where_it_is_shorter() throws Exception {
        String path = "/mail/" + version + "/js/main.js";
        HttpResponse<byte[]> packed = server.get(path, "Accept-Encoding", "br, gzip;q=0.8");
        assertThat(field(packed, "Content-Encoding")).isEqualTo("gzip");
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed.body()))) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(SCRIPT);
        }
        assertThat(field(packed, "Vary")).isEqualTo("Accept-Encoding");
        assertThat(field(server.get(path, "Accept-Encoding", "gzip;q=0"), "Content-Encoding"))
                .isEmpty();
        HttpResponse<byte[]> small = server.get("/mail/" + version + "/css/base.css", "Accept-Encoding", "gzip");
        assertThat(field(small, "Content-Encoding")).isEmpty();
        assertThat(text(small)).isEqualTo("a{}");
    }

    @Test
    void what_is_packed_is_known_by_a_tag_of_its_own() throws Exception {
        String path = "/mail/" + version + "/js/main.js";
        String plain = field(server.get(path), "ETag");
        String packed = field(server.get(path, "Accept-Encoding", "gzip"), "ETag");
        assertThat(packed).isNotEqualTo(plain).matches("\"[^\"]+\"");
        assertThat(status(path, packed, "gzip")).isEqualTo(304);
        assertThat(status(path, plain, "identity")).isEqualTo(304);
        assertThat(status(path, plain, "gzip")).isEqualTo(200);
        assertThat(status(path, packed, "identity")).isEqualTo(200);
    }

    private int status(String path, String etag, String encoding) throws Exception {
        return server.get(path, "If-None-Match", etag, "Accept-Encoding", encoding)
                .statusCode();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/mail/js/main.js",
                "/mail/index.html",
                "/mail/VERSION",
                "/mail/VERSION/",
                "/mail/VERSION/js",
                "/mail/VERSION/js/",
                "/mail/VERSION/nothing.js",
                "/mail/v-/js",
                "/mail/VERSION/org/posthorn/webmail/Site.class"
            })
    void there_is_no_other_way_to_a_file_and_no_list_of_them(String path) throws Exception {
        HttpResponse<byte[]> response = server.get(path.replace("VERSION", version));
        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(text(response)).isEqualTo("There is nothing here\n");
        assertThat(field(response, "Content-Security-Policy")).startsWith("default-src 'none'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/mail"})
    void the_root_leads_to_the_mail(String path) throws Exception {
        HttpResponse<byte[]> response = server.get(path);
        assertThat(response.statusCode()).isEqualTo(307);
        assertThat(field(response, "Location")).isEqualTo("/mail/");
    }

    @Test
    void it_only_tells() throws Exception {
        HttpResponse<byte[]> response = server.send("POST", "/mail/");
        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(field(response, "Allow")).isEqualTo("GET, HEAD");
        HttpResponse<byte[]> head = server.send("HEAD", "/mail/");
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
    }

    @Test
    void the_page_runs_its_own_scripts_alone_and_stands_in_no_frame() throws Exception {
        String policy = field(server.get("/mail/"), "Content-Security-Policy");
        assertThat(policy)
                .contains("default-src 'none'; script-src 'self'; style-src 'self'; ")
                .contains("connect-src 'self'; ", "frame-ancestors 'none'; ", "base-uri 'none'; ")
                .contains("form-action 'none'; ", "require-trusted-types-for 'script'; trusted-types dompurify")
                .doesNotContain("unsafe", "http:", "https:", "*");
    }

    @ParameterizedTest
    @CsvSource({"mail.html, blob: data:", "mail-pictures.html, blob: data: https: http:"})
    void in_the_frame_of_a_mail_nothing_runs_and_only_pictures_load(String path, String pictures) throws Exception {
        String policy = field(server.get("/mail/" + version + "/" + path), "Content-Security-Policy");
        assertThat(policy)
                .startsWith("default-src 'none'; style-src 'self' 'unsafe-inline'; ")
                .contains("frame-ancestors 'self'", "form-action 'none'")
                .contains("sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox")
                .doesNotContain("script-src", "allow-scripts", "connect-src", "frame-src");
        assertThat(policy.substring(policy.indexOf("img-src") + "img-src ".length()))
                .isEqualTo(pictures);
    }
}
