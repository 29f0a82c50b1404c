package org.posthorn.jmap;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Map;
import org.posthorn.api.mail.Address;

/** {@code urn:ietf:params:jmap:quota}, RFC 9425: what an account holds and may hold. */
final class QuotaCapability implements Capability {

    static final String URI = "urn:ietf:params:jmap:quota";

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
        return QuotaMethods.all();
    }

    /** RFC 9425 6. */
    @Override
    public Map<String, String> states(Context context, Address account) throws IOException, MethodFault {
        return Map.of("Quota", QuotaLimits.now(context, account).state());
    }
}
