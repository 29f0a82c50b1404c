package org.posthorn.jmap;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.OptionalLong;
import org.posthorn.api.mail.Address;

/** The arguments of Foo/changes, RFC 8620 5.2. @param maxChanges at least 1 */
public record ChangesRequest(Address account, String sinceState, OptionalLong maxChanges) {

    public static ChangesRequest of(Context context, Arguments arguments) throws MethodFault {
        Address account = context.account(arguments);
        String since = arguments.string("sinceState");
        OptionalLong most = arguments.unsigned("maxChanges");
        if (most.isPresent() && most.getAsLong() == 0) throw MethodFault.invalid("maxChanges is at least 1");
        return new ChangesRequest(account, since, most);
    }

    /** The response. @param more whether there is more than maxChanges let through: the client asks again from newState */
    public ObjectNode answer(
            String newState,
            boolean more,
            Collection<String> created,
            Collection<String> updated,
            Collection<String> destroyed) {
        ObjectNode json = Json.NODES.objectNode();
        json.put("accountId", Id.account(account)).put("oldState", sinceState).put("newState", newState);
        json.put("hasMoreChanges", more);
        created.forEach(json.putArray("created")::add);
        updated.forEach(json.putArray("updated")::add);
        destroyed.forEach(json.putArray("destroyed")::add);
        return json;
    }
}
