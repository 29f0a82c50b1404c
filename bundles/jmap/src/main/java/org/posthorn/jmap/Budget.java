package org.posthorn.jmap;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/** How much memory what is told of mails may take, in octets: all of an answer is there at once. For one thread. Characters count as two. */
public final class Budget {

    private static final long MOST = 16 << 20;

    /** What a value takes beside its characters, and an object or a list beside its members. */
    private static final int VALUE = 64;

    private long left = MOST;

    /** @throws MethodFault when that is too much: the client can ask for fewer */
    public void take(long octets) throws MethodFault {
        if (octets > left) throw new MethodFault(MethodError.REQUEST_TOO_LARGE);
        left -= octets;
    }

    /** Takes what these characters do. @throws MethodFault as {@link #take} */
    public void text(long characters) throws MethodFault {
        take(VALUE + 2 * characters);
    }

    /** Takes what a member of that name does, whatever its value is. @throws MethodFault as {@link #take} */
    public void member(String name) throws MethodFault {
        text(name.length());
    }

    /** Takes what is in a value that was made. @throws MethodFault as {@link #take} */
    public void value(JsonNode value) throws MethodFault {
        if (value.isTextual()) text(value.textValue().length());
        for (Map.Entry<String, JsonNode> member : value.properties()) {
            member(member.getKey());
            value(member.getValue());
        }
        if (value.isArray()) for (JsonNode item : value) value(item);
    }
}
