package org.posthorn.api.mail;

import java.util.Optional;

/**
 * What came with MAIL besides the sender.
 *
 * @param body8bit BODY=8BITMIME, RFC 6152
 * @param smtpUtf8 SMTPUTF8, RFC 6531
 * @param ret what a bounce gives back: {@code FULL} or {@code HDRS}, RFC 3461 4.3
 * @param envelopeId ENVID as given, still in xtext, RFC 3461 4.4
 */
public record MailParameters(boolean body8bit, boolean smtpUtf8, Optional<String> ret, Optional<String> envelopeId) {

    /** No parameters. */
    public static final MailParameters NONE = new MailParameters(false, false, Optional.empty(), Optional.empty());
}
