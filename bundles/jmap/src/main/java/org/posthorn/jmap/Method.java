package org.posthorn.jmap;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/** One method of the table, RFC 8620 3.2. Safe for several threads. */
@FunctionalInterface
public interface Method {

    /**
     * Carries it out.
     *
     * @return the arguments of the response, which has the method's name
     * @throws MethodFault why it is refused
     * @throws IOException when a disk or a service broke: {@code serverFail}
     */
    ObjectNode call(Context context, Arguments arguments) throws MethodFault, IOException;
}
