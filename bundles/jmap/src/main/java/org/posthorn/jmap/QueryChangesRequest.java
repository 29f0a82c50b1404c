package org.posthorn.jmap;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.posthorn.api.mail.Address;

/** The arguments of Foo/queryChanges, RFC 8620 5.6. */
public record QueryChangesRequest(
        Address account,
        Optional<Filter> filter,
        List<Sort> sort,
        String sinceQueryState,
        OptionalLong maxChanges,
        Optional<String> upToId,
        boolean calculateTotal) {

    public static QueryChangesRequest of(Context context, Arguments arguments) throws MethodFault {
        Address account = context.account(arguments);
        return new QueryChangesRequest(
                account,
                QueryRequest.filter(arguments),
                QueryRequest.sort(arguments),
                arguments.string("sinceQueryState"),
                arguments.unsigned("maxChanges"),
                arguments.optionalString("upToId"),
                arguments.bool("calculateTotal", false));
    }
}
