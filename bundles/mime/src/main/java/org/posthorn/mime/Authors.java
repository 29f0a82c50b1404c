package org.posthorn.mime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Reply;
import org.posthorn.api.net.Sink;
import org.posthorn.api.users.Accounts;

/** Sees to it that a user writes in no other's name, RFC 6409 6.1: every address in From and Sender must be one's own. For one message and one thread. */
public final class Authors {

    private static final Reply NOT_YOURS = new Reply(550, "5.7.1", "From or Sender is not your address");
    private static final Reply UNCLEAR = new Reply(550, "5.7.1", "Whose address From or Sender is cannot be told");
    private static final Reply LATER = new Reply(451, "4.3.0", "Cannot tell now whose address From is");

    /** A no, and for the log what is behind it. */
    public record Refusal(Reply reply, String why) {}

    private final Accounts accounts;
    private final Address login;
    private AuthorFields fields;

    /** @param login who hands the message in */
    public Authors(Accounts accounts, Address login) {
        this.accounts = accounts;
        this.login = login;
    }

    /** Stands before where the message goes, and looks at it as it passes. */
    public Sink before(Sink sink) {
        fields = new AuthorFields(sink);
        return fields;
    }

    /** What is wrong with the message that has passed; 4xx when that cannot be told now. */
    public Optional<Refusal> refusal() {
        if (fields == null) return Optional.empty();
        Optional<List<String>> values = fields.values();
        if (values.isEmpty()) return refused(UNCLEAR, "From or Sender is too long");
        for (String value : values.get()) {
            Optional<Refusal> refusal = unambiguous(value) ? foreign(value) : refused(UNCLEAR, value);
            if (refusal.isPresent()) return refusal;
        }
        return Optional.empty();
    }

    private Optional<Refusal> foreign(String value) {
        try {
            for (MailAddress named : MailAddress.list(value))
                // A group and its end have no host; whom it holds is told one by one.
                if (!named.host().isEmpty() && !accounts.maySend(login, address(named)))
                    return refused(NOT_YOURS, value);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(new Refusal(LATER, printable(value) + ": " + e));
        }
    }

    private static Address address(MailAddress named) {
        return new Address(utf8(named.mailbox()), utf8(named.host()));
    }

    /** RFC 6532 3.2. */
    private static String utf8(String octets) {
        return new String(octets.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /** Whether all who read the list find the same addresses in it: {@code a@b <c@d>}, or what is not closed, is one thing here and another there. */
    private static boolean unambiguous(String list) {
        int comments = 0;
        boolean quoted = false;
        boolean addressed = false;
        for (int i = 0; i < list.length(); i++) {
            char c = list.charAt(i);
            if (c == '\\' && (quoted || comments > 0)) i++;
            else if (quoted) quoted = c != '"';
            else if (c == '(' || comments > 0) comments += c == '(' ? 1 : c == ')' ? -1 : 0;
            else if (c == '"') quoted = true;
            else if (c == ',' || c == ';' || c == ':') addressed = false;
            else if (c == '@' || c == '<') {
                if (addressed) return false;
                addressed = c == '@';
            }
        }
        return !quoted && comments == 0;
    }

    private Optional<Refusal> refused(Reply reply, String value) {
        return Optional.of(new Refusal(reply, login + " writes as " + printable(value)));
    }

    private static String printable(String value) {
        String start = value.length() > 200 ? value.substring(0, 200) : value;
        return start.strip().replaceAll("[^ -~]", "?");
    }
}
