package org.posthorn.smtp;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.posthorn.api.net.Connection;
import org.posthorn.api.net.Conversation;
import org.posthorn.api.net.Protocol;
import org.posthorn.api.net.Suspended;

/** The protocol for local recipients, RFC 2033. */
@Component(property = "name=lmtp")
public final class LmtpProtocol implements Protocol {

    private final SmtpServer server;

    @Activate
    public LmtpProtocol(@Reference SmtpServer server) {
        this.server = server;
    }

    @Override
    public Conversation begin(Connection connection) {
        return new SmtpConversation(new Session(server, connection, Role.LMTP));
    }

    @Override
    public Conversation resume(Connection connection, Suspended state) {
        return new SmtpConversation(new Session(server, connection, Role.LMTP, state));
    }
}
