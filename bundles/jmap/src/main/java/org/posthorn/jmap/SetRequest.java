package org.posthorn.jmap;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.posthorn.api.mail.Address;

/**
 * The arguments of Foo/set, RFC 8620 5.3.
 *
 * @param create objects by creation id
 * @param update patches by id
 * @param destroy ids, each once
 */
public record SetRequest(
        Address account,
        Optional<String> ifInState,
        Map<String, ObjectNode> create,
        Map<String, ObjectNode> update,
        List<String> destroy) {

    public static SetRequest of(Context context, Arguments arguments) throws MethodFault, IOException {
        return of(context, arguments, context.changeable(arguments), arguments.optionalString("ifInState"));
    }

    /** The same where each object says what may be changed of it, also in an account that is read-only else. */
    public static SetRequest ofAny(Context context, Arguments arguments) throws MethodFault {
        return of(context, arguments, context.account(arguments), arguments.optionalString("ifInState"));
    }

    /** Of what belongs to no account, but to the user himself, and has no state. */
    static SetRequest ofUser(Context context, Arguments arguments) throws MethodFault {
        return of(context, arguments, context.user(), Optional.empty());
    }

    private static SetRequest of(Context context, Arguments arguments, Address account, Optional<String> state)
            throws MethodFault {
        Map<String, ObjectNode> create = arguments.objects("create");
        for (String id : create.keySet()) if (!Id.is(id)) throw MethodFault.invalid(id + " is no creation id");
        Map<String, ObjectNode> update = arguments.objects("update");
        List<String> destroy =
                List.copyOf(new LinkedHashSet<>(arguments.strings("destroy").orElse(List.of())));
        if (create.size() + update.size() + destroy.size() > context.limits().objectsInSet())
            throw new MethodFault(MethodError.REQUEST_TOO_LARGE);
        return new SetRequest(account, state, create, update, destroy);
    }

    /** The response, for a start from that state. @throws MethodFault stateMismatch when another one was asked for */
    public SetAnswer answer(String oldState) throws MethodFault {
        if (ifInState.isPresent() && !ifInState.get().equals(oldState))
            throw new MethodFault(MethodError.STATE_MISMATCH);
        return new SetAnswer(account, oldState);
    }
}
