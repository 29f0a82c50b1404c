package org.posthorn.api.net;

import java.security.cert.Certificate;
import java.util.List;

/**
 * What is known of a TLS session.
 *
 * @param version as {@code TLSv1.3}
 * @param cipher the suite's standard name
 * @param peerCertificates the client's chain; empty when it showed none
 */
public record Tls(String version, String cipher, List<Certificate> peerCertificates) {
    public Tls {
        peerCertificates = List.copyOf(peerCertificates);
    }

    /** Version and cipher in one phrase, as logs and Received fields have it. */
    @Override
    public String toString() {
        return version + " " + cipher;
    }
}
