package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Map;
import org.posthorn.jmap.Calls;
import org.posthorn.jmap.Capability;
import org.posthorn.jmap.Context;
import org.posthorn.jmap.Json;
import org.posthorn.jmap.Limits;
import org.posthorn.jmap.Method;
import org.posthorn.jmap.MethodFault;

/** Something that is done within a call, of whoever makes it. */
record Within(Work work) implements Capability {

    interface Work {
        void in(Context context) throws MethodFault, IOException;
    }

    static void call(Calls who) throws IOException {
        who.one("Test/within", "");
    }

    @Override
    public String uri() {
        return "urn:example:within";
    }

    @Override
    public ObjectNode server(Limits limits) {
        return Json.NODES.objectNode();
    }

    @Override
    public Map<String, Method> methods() {
        return Map.of("Test/within", (context, arguments) -> {
            work.in(context);
            return Json.NODES.objectNode();
        });
    }
}
