package org.posthorn.api.mail;

import java.time.Instant;
import java.util.Optional;

/**
 * What came with MAIL besides the sender.
 *
 * @param body8bit BODY=8BITMIME, RFC 6152
 * @param smtpUtf8 SMTPUTF8, RFC 6531
 * @param ret what a bounce gives back: {@code FULL} or {@code HDRS}, RFC 3461 4.3
 * @param envelopeId ENVID as given, still in xtext, RFC 3461 4.4
 * @param release HOLDFOR or HOLDUNTIL, RFC 4865
 */
public record MailParameters(
        boolean body8bit,
        boolean smtpUtf8,
        Optional<String> ret,
        Optional<String> envelopeId,
        Optional<FutureRelease> release) {

    /** No parameters. */
    public static final MailParameters NONE = new MailParameters(false, false, Optional.empty(), Optional.empty());

    /** Of mail that is for now. */
    public MailParameters(boolean body8bit, boolean smtpUtf8, Optional<String> ret, Optional<String> envelopeId) {
        this(body8bit, smtpUtf8, ret, envelopeId, Optional.empty());
    }

    /** The same with another time of release. */
    public MailParameters with(FutureRelease other) {
        return new MailParameters(body8bit, smtpUtf8, ret, envelopeId, Optional.of(other));
    }

    /** When a mail that came then may be tried at the earliest, and from when on its age counts: that moment or the release, whichever is later. */
    public Instant earliest(Instant arrived) {
        return release.map(FutureRelease::at).filter(at -> at.isAfter(arrived)).orElse(arrived);
    }
}
