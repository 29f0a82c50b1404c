package org.posthorn.jmap;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.posthorn.api.mail.Address;
import org.posthorn.jmap.mail.ShareNotificationMethods;
import org.posthorn.jmap.mail.ShareNotifications;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code urn:ietf:params:jmap:principals}, RFC 9670 1.5.1: who is there to share with, and what one is told of what others share. Mailboxes have {@code shareWith} for who names it. */
public final class PrincipalsCapability implements Capability {

    private static final Logger LOG = LoggerFactory.getLogger(PrincipalsCapability.class);

    public static final String URI = "urn:ietf:params:jmap:principals";

    /** In an account alone: whose it is, RFC 9670 1.5.2. */
    static final String OWNER = URI + ":owner";

    private final ShareNotifications notifications;

    /** @param notifications of what somebody is given */
    PrincipalsCapability(ShareNotifications notifications) {
        this.notifications = notifications;
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
    public ObjectNode account(Limits limits, Address user) {
        Principal own = Principal.of(user);
        return Json.NODES.objectNode().put("currentUserPrincipalId", own.isSayable() ? own.id() : null);
    }

    @Override
    public Map<String, Method> methods() {
        Map<String, Method> methods = new HashMap<>(PrincipalMethods.all());
        methods.putAll(new ShareNotificationMethods(notifications).all());
        return methods;
    }

    @Override
    public Map<String, String> states(Context context, Address account) throws IOException, MethodFault {
        return Map.of(
                "Principal",
                Principals.of(context).state(),
                "ShareNotification",
                Long.toString(notifications.state(account)));
    }

    @Override
    public Runnable watch(Address account, Runnable news) {
        try {
            return notifications.watch(account, news);
        } catch (IOException e) {
            // Their state cannot be told either, and is asked for again.
            LOG.warn("What {} is told of shares cannot be watched: {}", account, e.toString());
            return () -> {};
        }
    }
}
