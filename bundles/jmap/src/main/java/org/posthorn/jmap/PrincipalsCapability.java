package org.posthorn.jmap;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Map;
import org.posthorn.api.mail.Address;

/** {@code urn:ietf:params:jmap:principals}, RFC 9670 1.5.1: who is there to share with. Mailboxes have {@code shareWith} for who names it. */
public final class PrincipalsCapability implements Capability {

    public static final String URI = "urn:ietf:params:jmap:principals";

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
        return PrincipalMethods.all();
    }

    @Override
    public Map<String, String> states(Context context, Address account) throws IOException, MethodFault {
        return Map.of("Principal", Principals.of(context).state());
    }
}
