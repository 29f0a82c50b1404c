package org.posthorn.smtp;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.posthorn.api.net.Connection;
import org.posthorn.api.net.Conversation;
import org.posthorn.api.net.Protocol;
import org.posthorn.api.net.Suspended;

/** The protocol between servers, on port 25. */
@Component(property = "name=smtp")
public final class SmtpProtocol implements Protocol {

    private final SmtpServer server;

    @Activate
    public SmtpProtocol(@Reference SmtpServer server) {
        this.server = server;
    }

    @Override
    public Conversation begin(Connection connection) {
        return new SmtpConversation(new Session(server, connection, Role.MX));
    }

    @Override
    public Conversation resume(Connection connection, Suspended state) {
        return new SmtpConversation(new Session(server, connection, Role.MX, state));
    }
}
