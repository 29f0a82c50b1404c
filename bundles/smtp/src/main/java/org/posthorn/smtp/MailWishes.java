package org.posthorn.smtp;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.posthorn.api.mail.FutureRelease;
import org.posthorn.api.mail.MailParameters;
import org.posthorn.api.mail.Reply;
import org.posthorn.mime.Xtext;
import org.posthorn.smtp.PathArgument.Parameter;

/** The parameters of MAIL, read one by one. */
final class MailWishes {

    /** RFC 3461 4.4. */
    private static final int LONGEST_ENVID = 100;

    private final Session session;
    private final Set<String> seen = new HashSet<>();
    private boolean body8bit;
    private boolean smtpUtf8;
    private Optional<String> ret = Optional.empty();
    private Optional<String> envelopeId = Optional.empty();
    private Optional<FutureRelease> release = Optional.empty();

    MailWishes(Session session) {
        this.session = session;
    }

    /** Reads them; what is wrong is the answer. */
    Optional<Reply> read(List<Parameter> parameters) {
        for (Parameter parameter : parameters) {
            Optional<Reply> fault = seen.add(parameter.keyword()) ? read(parameter) : fault(501, "MAIL says it twice");
            if (fault.isPresent()) return fault;
        }
        return Optional.empty();
    }

    MailParameters parameters() {
        return seen.isEmpty() ? MailParameters.NONE : new MailParameters(body8bit, smtpUtf8, ret, envelopeId, release);
    }

    private Optional<Reply> read(Parameter parameter) {
        String value = parameter.value();
        return switch (parameter.keyword()) {
            case "SIZE" -> size(value);
            case "BODY" -> body(value.toUpperCase(Locale.ROOT));
            case "SMTPUTF8" -> sound(value.isEmpty() && (smtpUtf8 = true), "SMTPUTF8 has no value");
            case "RET" -> ret(value.toUpperCase(Locale.ROOT));
            case "ENVID" -> {
                envelopeId = Optional.of(value);
                yield sound(value.length() <= LONGEST_ENVID && Xtext.sound(value), "ENVID is not 100 of xtext");
            }
            case "HOLDFOR", "HOLDUNTIL" -> session.offersFutureRelease() ? release(parameter) : unknown();
            // Who sent it before says nothing here: nobody who relays is trusted that far, RFC 4954 5.
            case "AUTH" ->
                session.role().offersLogin(session.settings())
                        ? sound(value.equals("<>") || Xtext.sound(value), "AUTH is not <> or xtext")
                        : unknown();
            default -> unknown();
        };
    }

    /** RFC 1870 6.1. */
    private Optional<Reply> size(String value) {
        boolean number =
                !value.isEmpty() && value.length() <= 20 && value.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!number) return fault(501, "SIZE is not a number");
        boolean fits = value.length() <= 18
                && Long.parseLong(value) <= session.settings().maxSize();
        return fits ? Optional.empty() : Optional.of(DataCommand.TOO_LARGE);
    }

    /** RFC 6152 3. */
    private Optional<Reply> body(String value) {
        body8bit = value.equals("8BITMIME");
        return sound(body8bit || value.equals("7BIT"), "BODY is 7BIT or 8BITMIME");
    }

    /** RFC 3461 4.3. */
    private Optional<Reply> ret(String value) {
        ret = Optional.of(value);
        return sound(value.equals("FULL") || value.equals("HDRS"), "RET is FULL or HDRS");
    }

    /** RFC 4865 4: one of the two, once. A time that is over is no reason to wait, and none to refuse. */
    private Optional<Reply> release(Parameter parameter) {
        if (release.isPresent()) return fault(501, "MAIL has HOLDFOR or HOLDUNTIL, and not both");
        Instant now = Instant.now();
        release = parameter.keyword().equals("HOLDFOR")
                ? FutureRelease.holdFor(parameter.value(), now)
                : FutureRelease.holdUntil(parameter.value());
        if (release.isEmpty()) return fault(501, "HOLDFOR is seconds, HOLDUNTIL a time as 2026-12-24T18:00:00Z");
        Instant latest = now.plus(session.settings().maxFutureRelease());
        return sound(!release.get().at().isAfter(latest), "Mail is not held for so long here");
    }

    private static Optional<Reply> sound(boolean sound, String otherwise) {
        return sound ? Optional.empty() : fault(501, otherwise);
    }

    private static Optional<Reply> unknown() {
        return fault(555, "Parameter not known");
    }

    private static Optional<Reply> fault(int code, String text) {
        return Optional.of(new Reply(code, "5.5.4", text));
    }
}
