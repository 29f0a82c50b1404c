package org.posthorn.jmap;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What a client wants to hear of, RFC 8620 7.3.
 *
 * @param types names of data types; empty for all
 * @param closeAfter whether the stream ends behind the first news
 * @param ping zero for none
 * @param lastEventId what it heard last, when it comes back
 */
record EventRequest(Optional<Set<String>> types, boolean closeAfter, Duration ping, Optional<String> lastEventId) {

    /** More often is no use, and less often lets those in between drop what seems to be dead. */
    private static final int LEAST_PING = 5;

    private static final int MOST_PING = 300;

    static EventRequest of(HttpServletRequest request) throws Refused {
        String types = demand(request, "types");
        String closeAfter = demand(request, "closeafter");
        if (!closeAfter.equals("state") && !closeAfter.equals("no"))
            throw new Refused(Problem.plain(400, "closeafter is state or no"));
        return new EventRequest(
                types.equals("*") ? Optional.empty() : Optional.of(new HashSet<>(Arrays.asList(types.split(",")))),
                closeAfter.equals("state"),
                ping(demand(request, "ping")),
                Optional.ofNullable(request.getHeader("Last-Event-ID")));
    }

    private static String demand(HttpServletRequest request, String name) throws Refused {
        String value = request.getParameter(name);
        if (value == null || value.isEmpty()) throw new Refused(Problem.plain(400, name + " is missing"));
        return value;
    }

    private static Duration ping(String seconds) throws Refused {
        if (!seconds.matches("[0-9]{1,9}")) throw new Refused(Problem.plain(400, "ping is a number of seconds"));
        int asked = Integer.parseInt(seconds);
        return Duration.ofSeconds(asked == 0 ? 0 : Math.max(LEAST_PING, Math.min(MOST_PING, asked)));
    }

    boolean wants(String type) {
        return types.isEmpty() || types.get().contains(type);
    }
}
