package org.posthorn.jmap.mail;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.FutureRelease;
import org.posthorn.api.mail.MailParameters;
import org.posthorn.api.mail.Notify;
import org.posthorn.api.mail.Recipient;
import org.posthorn.jmap.Refusal;
import org.posthorn.mime.Xtext;

/** The parameters of an Address in an envelope, which are those of MAIL and RCPT: DSN (RFC 3461), FUTURERELEASE (RFC 4865), SIZE, BODY and SMTPUTF8. Their values come without the encodings that they have in SMTP, RFC 8621 7. For one thread. */
final class SubmissionParameters {

    /** RFC 3461 4.4. */
    private static final Pattern PRINTABLE = Pattern.compile("[ -~]+");

    /** RFC 3461 4.2, and RFC 6533 3 of the type utf-8. In that one nothing may end a line or a word. */
    private static final Pattern ORCPT =
            Pattern.compile("(?<wide>(?i:utf-8);)[^\\p{Cc}\\p{Z}\\p{Cs}]+|(?!(?i:utf-8;))[A-Za-z0-9-]+;[ -~]+");

    private static final int LONGEST_ENVID = 100;
    private static final int LONGEST_ORCPT = 500;

    private final Instant now;
    private final Duration most;
    private boolean eightBit;
    private boolean utf8;
    private Optional<String> ret = Optional.empty();
    private Optional<String> envelopeId = Optional.empty();
    private Optional<FutureRelease> release = Optional.empty();

    /** @param most how long mail may be held; zero when it may not */
    SubmissionParameters(Instant now, Duration most) {
        this.now = now;
        this.most = most;
    }

    /** Takes one in. @param name in upper case */
    void mail(String name, Optional<String> given) throws Refusal {
        String value = given.orElse("");
        switch (name) {
            case "HOLDFOR" -> hold(FutureRelease.holdFor(value, now));
            case "HOLDUNTIL" -> hold(FutureRelease.holdUntil(value));
            case "RET" -> ret = Optional.of(oneOf(name, value, "FULL", "HDRS"));
            case "ENVID" -> {
                String encoded = Xtext.encode(value);
                sound(
                        encoded.length() <= LONGEST_ENVID
                                && PRINTABLE.matcher(value).matches(),
                        "ENVID is not 100 of printable ASCII");
                envelopeId = Optional.of(encoded);
            }
            case "BODY" -> eightBit = oneOf(name, value, "7BIT", "8BITMIME").equals("8BITMIME");
            case "SMTPUTF8" -> {
                sound(given.isEmpty(), "SMTPUTF8 has no value");
                utf8 = true;
            }
            // The server knows it better.
            case "SIZE" -> sound(value.matches("[0-9]{1,20}"), "SIZE is no number");
            default -> throw SubmissionEnvelope.bad("The parameter " + name + " is not known here");
        }
    }

    private void hold(Optional<FutureRelease> wish) throws Refusal {
        sound(!most.isZero(), "Mail is not held here");
        sound(release.isEmpty(), "HOLDFOR and HOLDUNTIL are not both given");
        sound(wish.isPresent(), "HOLDFOR is seconds, HOLDUNTIL a time as 2026-12-24T18:00:00Z");
        sound(!wish.get().at().isAfter(now.plus(most)), "Mail is not held for so long here");
        release = wish;
    }

    private static String oneOf(String name, String value, String one, String other) throws Refusal {
        String upper = value.toUpperCase(Locale.ROOT);
        sound(upper.equals(one) || upper.equals(other), name + " is " + one + " or " + other);
        return upper;
    }

    private static void sound(boolean sound, String otherwise) throws Refusal {
        if (!sound) throw SubmissionEnvelope.bad(otherwise);
    }

    MailParameters mail() {
        return new MailParameters(eightBit, utf8, ret, envelopeId, release);
    }

    /** One for whom it is, with what is wished for him. */
    static Recipient recipient(Address address, Map<String, Optional<String>> parameters) throws Refusal {
        Set<Notify> notices = Set.of();
        Optional<String> original = Optional.empty();
        for (Map.Entry<String, Optional<String>> one : parameters.entrySet()) {
            String value = one.getValue().orElse("");
            switch (one.getKey()) {
                case "NOTIFY" -> notices = notices(value.toUpperCase(Locale.ROOT));
                case "ORCPT" -> original = Optional.of(original(value));
                default -> throw SubmissionEnvelope.bad("The parameter " + one.getKey() + " is not known here");
            }
        }
        return new Recipient(address, notices, original);
    }

    private static String original(String value) throws Refusal {
        Matcher parts = ORCPT.matcher(value);
        sound(parts.matches(), "ORCPT is type;address");
        int address = value.indexOf(';') + 1;
        String type = value.substring(0, address);
        String encoded = type
                + (parts.group("wide") == null
                        ? Xtext.encode(value.substring(address))
                        : unicodeXtext(value.substring(address)));
        sound(encoded.length() <= LONGEST_ORCPT, "ORCPT is longer than 500");
        return encoded;
    }

    /** The form utf-8-addr-xtext of RFC 6533 3, which may stand where SMTPUTF8 is not spoken, and where it is. */
    private static String unicodeXtext(String address) {
        StringBuilder encoded = new StringBuilder();
        address.codePoints().forEach(c -> {
            if (c > ' ' && c < 127 && "\\+=".indexOf(c) < 0) encoded.appendCodePoint(c);
            else encoded.append(String.format("\\x{%02X}", c));
        });
        return encoded.toString();
    }

    private static Set<Notify> notices(String value) throws Refusal {
        Set<Notify> notices = EnumSet.noneOf(Notify.class);
        for (String word : value.split(",", -1)) {
            int before = notices.size();
            for (Notify notice : Notify.values()) if (notice.name().equals(word)) notices.add(notice);
            sound(notices.size() > before, "NOTIFY is NEVER, or of SUCCESS, FAILURE and DELAY");
        }
        sound(!notices.contains(Notify.NEVER) || notices.size() == 1, "NOTIFY is NEVER, or of the others");
        return notices;
    }
}
