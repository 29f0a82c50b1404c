package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.posthorn.api.events.MailStories;
import org.posthorn.api.lease.Leased;
import org.posthorn.jmap.Capability;
import org.posthorn.jmap.Json;
import org.posthorn.jmap.Limits;
import org.posthorn.jmap.Method;

/** {@code urn:posthorn:explain}, of this server alone: why a mail is where it is. Who names it is told by an EmailSubmission which host has the mail, too. */
public final class ExplainCapability implements Capability {

    static final String URI = "urn:posthorn:explain";

    private final Method explain;

    public ExplainCapability(Leased<MailStories> stories) {
        explain = new EmailExplain(stories, new Digests());
    }

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
        return Map.of("Email/explain", explain);
    }
}
