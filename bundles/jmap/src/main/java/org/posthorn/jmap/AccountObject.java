package org.posthorn.jmap;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.posthorn.api.mail.Address;

/** An Account as the session has it, RFC 8620 2. @param methods what works there */
record AccountObject(MethodTable methods, Limits limits) {

    ObjectNode own(Address user) {
        ObjectNode own = Json.NODES.objectNode().put("name", user.toString());
        own.put("isPersonal", true).put("isReadOnly", false);
        ObjectNode offers = own.putObject("accountCapabilities");
        for (Capability capability : methods.capabilities().values())
            if (capability.isOfAccounts()) offers.set(capability.uri(), capability.account(limits, user));
        owner(offers, user, user);
        return own;
    }

    /** That of somebody else. */
    ObjectNode other(Reach reach, String name) throws IOException {
        ObjectNode other = Json.NODES.objectNode().put("name", name);
        other.put("isPersonal", false).put("isReadOnly", reach.isReadOnly());
        ObjectNode offers = other.putObject("accountCapabilities");
        methods.capabilities().forEach((uri, c) -> c.shared(limits).ifPresent(words -> offers.set(uri, words)));
        owner(offers, reach.owner(), reach.user());
        return other;
    }

    /** Where there are Principals each account is one's. */
    private void owner(ObjectNode offers, Address owner, Address user) {
        Principal principal = Principal.of(owner);
        if (principal.isSayable() && methods.capabilities().containsKey(PrincipalsCapability.URI))
            offers.set(PrincipalsCapability.OWNER, principal.owner(user));
    }
}
