package org.posthorn.jmap;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.posthorn.api.mail.Address;

/**
 * The arguments of Foo/copy, RFC 8620 5.4.
 *
 * @param create objects by creation id, each with the {@code id} of its original
 */
public record CopyRequest(
        Address from,
        Optional<String> ifFromInState,
        Address account,
        Optional<String> ifInState,
        Map<String, ObjectNode> create,
        boolean destroyOriginal,
        Optional<String> destroyFromIfInState) {

    public static CopyRequest of(Context context, Arguments arguments) throws MethodFault, IOException {
        Address from = context.fromAccount(arguments);
        Address account = context.changeable(arguments);
        if (from.equals(account)) throw MethodFault.invalid("A copy goes from one account to another");
        CopyRequest request = new CopyRequest(
                from,
                arguments.optionalString("ifFromInState"),
                account,
                arguments.optionalString("ifInState"),
                arguments.demandObjects("create"),
                arguments.bool("onSuccessDestroyOriginal", false),
                arguments.optionalString("destroyFromIfInState"));
        for (String id : request.create.keySet()) if (!Id.is(id)) throw MethodFault.invalid(id + " is no creation id");
        if (request.create.size() > context.limits().objectsInSet())
            throw new MethodFault(MethodError.REQUEST_TOO_LARGE);
        return request;
    }

    /** The response, for a start from these states. @throws MethodFault stateMismatch when others were asked for */
    public SetAnswer answer(String fromState, String oldState) throws MethodFault {
        boolean met = ifFromInState.orElse(fromState).equals(fromState)
                && ifInState.orElse(oldState).equals(oldState);
        if (!met) throw new MethodFault(MethodError.STATE_MISMATCH);
        return new SetAnswer(account, oldState);
    }

    /** RFC 8620 5.4. */
    public ObjectNode json(SetAnswer answer, String newState) {
        ObjectNode json = answer.json(newState);
        json.remove(List.of("updated", "destroyed", "notUpdated", "notDestroyed"));
        return json.put("fromAccountId", Id.account(from));
    }
}
