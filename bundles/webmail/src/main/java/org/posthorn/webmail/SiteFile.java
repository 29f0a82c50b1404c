package org.posthorn.webmail;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

/**
 * A file of the site, in memory.
 *
 * @param type its media type, as HTTP has it
 * @param packed the same with gzip, where that is worth it
 * @param etag of the octets; those with gzip are another representation, and have another one (RFC 9110 8.8.3.3)
 */
record SiteFile(String type, byte[] octets, Optional<byte[]> packed, String etag) {

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "mjs", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "svg", "image/svg+xml",
            "webmanifest", "application/manifest+json");

    static SiteFile of(String path, byte[] octets) throws IOException {
        String type = TYPES.getOrDefault(path.substring(path.lastIndexOf('.') + 1), "text/plain; charset=utf-8");
        byte[] packed = pack(octets);
        Optional<byte[]> smaller = packed.length < octets.length ? Optional.of(packed) : Optional.empty();
        return new SiteFile(type, octets, smaller, "\"" + Version.of(octets) + "\"");
    }

    String packedEtag() {
        return etag.replaceFirst("\"$", "-gzip\"");
    }

    /** With the version of the site in the place of {@code @version@}. */
    SiteFile with(String version) throws IOException {
        String text = new String(octets, StandardCharsets.UTF_8).replace("@version@", version);
        return of(".html", text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] pack(byte[] octets) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(octets);
        }
        return packed.toByteArray();
    }
}
