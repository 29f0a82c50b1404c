package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.posthorn.api.mailbox.Email;
import org.posthorn.jmap.Budget;
import org.posthorn.jmap.Context;
import org.posthorn.jmap.Json;
import org.posthorn.jmap.MethodFault;
import org.posthorn.jmap.Patch;
import org.posthorn.jmap.Refusal;
import org.posthorn.jmap.SetError;
import org.posthorn.jmap.mail.EmailView.Texts;

/** A change to an Email as a patch, RFC 8620 5.3: of keywords and mailboxIds; all else never changes, RFC 8621 4.1. */
final class EmailUpdate {

    private static final List<String> MUTABLE = List.of("mailboxIds", "keywords");

    /** 1 and 1.0 are one number. */
    static final Comparator<JsonNode> NUMBERS = (a, b) ->
            a.isNumber() && b.isNumber() ? Double.compare(a.doubleValue(), b.doubleValue()) : a.equals(b) ? 0 : 1;

    private EmailUpdate() {}

    /** What the Email becomes. */
    static Placing of(Context context, MailView mail, Email email, ObjectNode patch) throws Refusal, IOException {
        ObjectNode now = Json.NODES.objectNode();
        MUTABLE.forEach(property -> Metadata.put(now, property, email));
        ObjectNode changes = Json.NODES.objectNode();
        for (Map.Entry<String, JsonNode> change : patch.properties()) {
            String property = change.getKey().split("/", 2)[0];
            if (MUTABLE.contains(property)) changes.set(path(context, change.getKey()), change.getValue());
            else if (change.getKey().indexOf('/') >= 0)
                throw new Refusal(SetError.invalidPatch("Nothing within an Email's " + property + " is changed alone"));
            else if (!isSame(mail, email, change.getKey(), change.getValue()))
                throw Refusal.of(property, "An Email's " + property + " never changes");
        }
        ObjectNode then = Patch.applied(now, changes)
                .orElseThrow(() -> new Refusal(SetError.invalidPatch("Two paths meet, or one leads nowhere")));
        return Placing.of(context, mail, then);
    }

    /** Keywords in any case are the same, and a mailbox may go by the id of its creation. */
    private static String path(Context context, String path) {
        String mailbox = "mailboxIds/";
        return path.startsWith(mailbox)
                ? mailbox + context.resolved(path.substring(mailbox.length()))
                : path.startsWith("keywords/") ? path.toLowerCase(Locale.ROOT) : path;
    }

    /** Whether it says what is so already, RFC 8620 5.3. */
    private static boolean isSame(MailView mail, Email email, String property, JsonNode value) throws IOException {
        ObjectNode now = Json.NODES.objectNode();
        Metadata.put(now, property, email);
        try {
            EmailView view = EmailView.of(List.of(property), Optional.empty(), EnumSet.noneOf(Texts.class), 0);
            if (now.isEmpty()) new EmailContent(mail.read(email), view, new Budget()).put(now, property);
        } catch (MethodFault unknownOrLarge) {
            return false;
        }
        return now.path(property).equals(NUMBERS, value);
    }
}
