package org.posthorn.jmap.mail;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.FutureRelease;
import org.posthorn.api.mail.MailParameters;
import org.posthorn.api.mail.Notify;
import org.posthorn.api.mail.Recipient;
import org.posthorn.jmap.Refusal;

/** The parameters of an Address in an envelope, which are those of MAIL and RCPT: DSN (RFC 3461), FUTURERELEASE (RFC 4865), SIZE, BODY and SMTPUTF8. For one thread. */
final class SubmissionParameters {

    private static final String OF_XTEXT = "(?:[!-*,-<>-~]|\\+[0-9A-F]{2})+";

    /** RFC 3461 4. */
    private static final Pattern XTEXT = Pattern.compile(OF_XTEXT);

    /** RFC 3461 4.2: type and xtext; what follows utf-8 may be that, RFC 6533 3. It goes to the next server as it is, so nothing in it may end a line or a word. */
    private static final Pattern ORCPT =
            Pattern.compile("(?i:utf-8;[^\\p{Cc}\\p{Z}\\p{Cs}]+)|[A-Za-z0-9-]+;" + OF_XTEXT);

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
                sound(value.length() <= LONGEST_ENVID && XTEXT.matcher(value).matches(), "ENVID is not 100 of xtext");
                envelopeId = given;
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
                case "ORCPT" -> {
                    sound(
                            value.length() <= LONGEST_ORCPT
                                    && ORCPT.matcher(value).matches(),
                            "ORCPT is type;xtext");
                    original = Optional.of(value);
                }
                default -> throw SubmissionEnvelope.bad("The parameter " + one.getKey() + " is not known here");
            }
        }
        return new Recipient(address, notices, original);
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
