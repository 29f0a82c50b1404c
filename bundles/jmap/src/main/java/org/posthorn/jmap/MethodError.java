package org.posthorn.jmap;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Why one method call is refused, RFC 8620 3.6.2 and those of the methods in 5. The calls behind it are carried out all the same.
 *
 * @param description for people; may be empty
 */
public record MethodError(String type, String description) {

    public static final MethodError UNKNOWN_METHOD = new MethodError("unknownMethod");
    public static final MethodError FORBIDDEN = new MethodError("forbidden");
    public static final MethodError ACCOUNT_NOT_FOUND = new MethodError("accountNotFound");
    public static final MethodError ACCOUNT_NOT_SUPPORTED = new MethodError("accountNotSupportedByMethod");
    public static final MethodError ACCOUNT_READ_ONLY = new MethodError("accountReadOnly");
    public static final MethodError FROM_ACCOUNT_NOT_FOUND = new MethodError("fromAccountNotFound");
    public static final MethodError FROM_ACCOUNT_NOT_SUPPORTED = new MethodError("fromAccountNotSupportedByMethod");
    public static final MethodError REQUEST_TOO_LARGE = new MethodError("requestTooLarge");
    public static final MethodError STATE_MISMATCH = new MethodError("stateMismatch");
    public static final MethodError CANNOT_CALCULATE_CHANGES = new MethodError("cannotCalculateChanges");
    public static final MethodError TOO_MANY_CHANGES = new MethodError("tooManyChanges");
    public static final MethodError ANCHOR_NOT_FOUND = new MethodError("anchorNotFound");
    public static final MethodError UNSUPPORTED_SORT = new MethodError("unsupportedSort");
    public static final MethodError UNSUPPORTED_FILTER = new MethodError("unsupportedFilter");

    /** Some part of the server is away; the same call may do a moment later. */
    public static final MethodError SERVER_UNAVAILABLE = new MethodError("serverUnavailable");

    private MethodError(String type) {
        this(type, "");
    }

    public static MethodError invalidArguments(String description) {
        return new MethodError("invalidArguments", description);
    }

    static MethodError invalidResultReference(String description) {
        return new MethodError("invalidResultReference", description);
    }

    /** Nothing of the call was done. */
    public static MethodError serverFail(String description) {
        return new MethodError("serverFail", description);
    }

    /** Some of it may have been done: the client has to look. */
    public static MethodError serverPartialFail(String description) {
        return new MethodError("serverPartialFail", description);
    }

    ObjectNode json() {
        ObjectNode json = Json.NODES.objectNode().put("type", type);
        if (!description.isEmpty()) json.put("description", description);
        return json;
    }
}
