package org.posthorn.jmap;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a browser is told of what a stranger wrote. */
class DownloadResourceTest {

    @Test
    void names_are_attachments_whatever_they_are() {
        assertThat(DownloadResource.disposition(null)).isEqualTo("attachment");
        assertThat(DownloadResource.disposition("a b.txt")).isEqualTo("attachment; filename*=UTF-8''a%20b.txt");
        assertThat(DownloadResource.disposition("x\";\r\nSet-Cookie: é"))
                .isEqualTo("attachment; filename*=UTF-8''x%22%3B%0D%0ASet-Cookie%3A%20%C3%A9");
    }

    @Test
    void nothing_that_a_page_would_run_keeps_its_type() {
        assertThat(DownloadResource.type("image/PNG; x=y")).isEqualTo("image/png");
        for (String type : new String[] {
            null,
            "",
            "text/javascript",
            "application/x-javascript",
            "TEXT/ECMASCRIPT",
            "text/css",
            "text/jscript1.5",
            "text/html\r\nX: y",
            "nonsense"
        }) assertThat(DownloadResource.type(type)).as(type).isEqualTo("application/octet-stream");
    }
}
