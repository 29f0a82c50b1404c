package org.posthorn.smtp;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Notify;
import org.posthorn.api.mail.Recipient;
import org.posthorn.api.mail.Reply;
import org.posthorn.mime.Xtext;
import org.posthorn.smtp.PathArgument.Parameter;

/** The parameters of RCPT, RFC 3461 4.1 and 4.2. */
final class RcptWishes {

    private static final int LONGEST_ORCPT = 500;

    private Set<Notify> notices = EnumSet.noneOf(Notify.class);
    private Optional<String> originalRecipient = Optional.empty();

    /** Reads them; what is wrong is the answer. */
    Optional<Reply> read(List<Parameter> parameters) {
        for (Parameter parameter : parameters) {
            Optional<Reply> fault = read(parameter);
            if (fault.isPresent()) return fault;
        }
        return Optional.empty();
    }

    Recipient recipient(Address address) {
        return new Recipient(address, notices, originalRecipient);
    }

    private Optional<Reply> read(Parameter parameter) {
        return switch (parameter.keyword()) {
            case "NOTIFY" ->
                sound(
                        notices.isEmpty() && notify(parameter.value().toUpperCase(Locale.ROOT)),
                        "NOTIFY is NEVER, or of SUCCESS, FAILURE and DELAY");
            case "ORCPT" -> sound(originalRecipient.isEmpty() && original(parameter.value()), "ORCPT is type;xtext");
            default -> Optional.of(new Reply(555, "5.5.4", "Parameter not known"));
        };
    }

    private boolean notify(String value) {
        for (String word : value.split(",", -1)) {
            Optional<Notify> notice = notice(word);
            if (notice.isEmpty()) return false;
            notices.add(notice.get());
        }
        return !notices.contains(Notify.NEVER) || notices.size() == 1;
    }

    private static Optional<Notify> notice(String word) {
        for (Notify notice : Notify.values()) if (notice.name().equals(word)) return Optional.of(notice);
        return Optional.empty();
    }

    private boolean original(String value) {
        originalRecipient = Optional.of(value);
        int semicolon = value.indexOf(';');
        // The type utf-8 brings octets as they are, RFC 6533 3; they are kept as given.
        return value.length() <= LONGEST_ORCPT
                && semicolon > 0
                && (value.regionMatches(true, 0, "utf-8;", 0, 6) || Xtext.sound(value.substring(semicolon + 1)));
    }

    private static Optional<Reply> sound(boolean sound, String otherwise) {
        return sound ? Optional.empty() : Optional.of(new Reply(501, "5.5.4", otherwise));
    }
}
