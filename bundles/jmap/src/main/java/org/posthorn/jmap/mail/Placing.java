package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.jmap.Context;
import org.posthorn.jmap.Refusal;
import org.posthorn.jmap.SetError;

/**
 * Where an Email is to be and what keywords it is to have: the properties that a client may change, RFC 8621 4.1.1.
 *
 * @param mailboxes full names, at least one
 * @param keywords in lower case
 */
record Placing(SortedSet<String> mailboxes, SortedSet<String> keywords) {

    /** More keywords than so many an Email does not have. */
    private static final int MOST_KEYWORDS = 100;

    /** @param json with mailboxIds and, if there are any, keywords */
    static Placing of(Context context, MailView mail, ObjectNode json) throws Refusal, IOException {
        SortedSet<String> keywords = new TreeSet<>();
        for (String name : members(json, "keywords")) {
            if (!Keywords.possible(name)) throw Refusal.of("keywords", "That can be no keyword");
            keywords.add(name.toLowerCase(Locale.ROOT));
        }
        if (keywords.size() > MOST_KEYWORDS)
            throw new Refusal(SetError.of("tooManyKeywords", "An Email has " + MOST_KEYWORDS + " at most"));
        Map<String, String> known = mail.mailboxes();
        SortedSet<String> mailboxes = new TreeSet<>();
        for (String id : members(json, "mailboxIds")) {
            Optional<String> name = Optional.ofNullable(known.get(context.resolved(id)));
            mailboxes.add(name.orElseThrow(() -> Refusal.of("mailboxIds", "There is no mailbox " + id)));
        }
        if (mailboxes.isEmpty()) throw Refusal.of("mailboxIds", "An Email is in some mailbox");
        return new Placing(mailboxes, keywords);
    }

    /** The members of a set as JMAP has them. */
    private static List<String> members(ObjectNode json, String property) throws Refusal {
        JsonNode value = json.path(property);
        if (value.isMissingNode() || value.isNull()) return List.of();
        List<String> members = new ArrayList<>();
        for (Map.Entry<String, JsonNode> member : value.properties()) {
            if (!member.getValue().isBoolean() || !member.getValue().booleanValue())
                throw Refusal.of(property, "Each member of a set has the value true");
            members.add(member.getKey());
        }
        if (!value.isObject()) throw Refusal.of(property, property + " is no set");
        return members;
    }

    Flags flags() {
        return Keywords.flags(keywords);
    }
}
