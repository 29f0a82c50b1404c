package org.posthorn.delivery.smtp;

import java.io.IOException;

/** A server of which we have found, without a word of it, that it cannot be used. */
final class Unusable extends IOException {

    private static final long serialVersionUID = 1;

    private final String enhanced;

    /** @param enhanced as in RFC 3463 */
    Unusable(String enhanced, String message) {
        super(message);
        this.enhanced = enhanced;
    }

    String enhanced() {
        return enhanced;
    }
}
