package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.posthorn.jmap.Capability;
import org.posthorn.jmap.Context;
import org.posthorn.jmap.Json;
import org.posthorn.jmap.Limits;
import org.posthorn.jmap.Method;
import org.posthorn.jmap.Reach;

/** {@code urn:ietf:params:jmap:mail:snooze}, draft-ietf-extra-email-snooze 4: the property {@code snoozed} of Emails. */
public final class SnoozeCapability implements Capability {

    public static final String URI = "urn:ietf:params:jmap:mail:snooze";

    /** Whether a call knows of it, and it is so in that account: mail sleeps in one's own. */
    static boolean works(Context context, Reach reach) {
        return context.uses(URI) && reach.isOwn();
    }

    @Override
    public String uri() {
        return URI;
    }

    @Override
    public ObjectNode server(Limits limits) {
        return Json.NODES.objectNode();
    }

    @Override
    public Map<String, Method> methods() {
        return Map.of();
    }
}
