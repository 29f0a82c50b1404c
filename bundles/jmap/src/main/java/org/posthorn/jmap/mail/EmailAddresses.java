package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.posthorn.jmap.Json;
import org.posthorn.mime.MailAddress;

/** Lists of addresses, RFC 8621 4.1.2.3 and 4.1.2.4. */
final class EmailAddresses {

    private EmailAddresses() {}

    /** EmailAddress[]: groups do not show. @param field its value, unfolded */
    static ArrayNode flat(String field) {
        ArrayNode list = Json.NODES.arrayNode();
        for (MailAddress entry : MailAddress.list(field)) if (!entry.host().isEmpty()) list.add(address(entry));
        return list;
    }

    /** EmailAddressGroup[]: those in a row that belong to none are one without a name. @param field its value, unfolded */
    static ArrayNode grouped(String field) {
        ArrayNode groups = Json.NODES.arrayNode();
        boolean open = false;
        ArrayNode members = Json.NODES.arrayNode();
        for (MailAddress entry : MailAddress.list(field)) {
            boolean mark = entry.host().isEmpty();
            if (mark) open = !entry.mailbox().isEmpty();
            if (mark && open) members = group(groups, entry.mailbox());
            else if (mark) members = Json.NODES.arrayNode();
            else {
                if (!open && members.isEmpty()) members = group(groups, "");
                members.add(address(entry));
            }
        }
        return groups;
    }

    /** What is shown of the first: its name, else its address; empty when there is none. @param field its value, unfolded */
    static String shown(String field) {
        for (MailAddress entry : MailAddress.list(field)) {
            String name = MailText.decoded(entry.name()).strip();
            if (!entry.host().isEmpty()) return name.isEmpty() ? MailText.decoded(email(entry)) : name;
        }
        return "";
    }

    private static ArrayNode group(ArrayNode groups, String name) {
        return named(groups.addObject(), name).putArray("addresses");
    }

    private static ObjectNode named(ObjectNode node, String name) {
        String text = MailText.decoded(name).strip();
        return text.isEmpty() ? node.putNull("name") : node.put("name", text);
    }

    private static ObjectNode address(MailAddress entry) {
        return named(Json.NODES.objectNode(), entry.name()).put("email", MailText.decoded(email(entry)));
    }

    /** The addr-spec; of one that is none what there is of it. */
    private static String email(MailAddress entry) {
        String local = entry.mailbox().equals(MailAddress.NO_MAILBOX) ? "" : local(entry.mailbox());
        return entry.host().equals(MailAddress.NO_HOST) ? local : local + "@" + entry.host();
    }

    private static String local(String mailbox) {
        boolean quoted = mailbox.chars().anyMatch(c -> c <= ' ' || "()<>[]:;@\\,\"".indexOf(c) >= 0);
        return quoted ? '"' + mailbox.replaceAll("[\"\\\\]", "\\\\$0") + '"' : mailbox;
    }
}
