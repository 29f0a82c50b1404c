package org.posthorn.smtp;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.posthorn.api.net.Connection;
import org.posthorn.api.net.Conversation;
import org.posthorn.api.net.Protocol;
import org.posthorn.api.net.Suspended;

/** The protocol for users' own mail, RFC 6409. */
@Component(property = "name=submission")
public final class SubmissionProtocol implements Protocol {

    private final SmtpServer server;

    @Activate
    public SubmissionProtocol(@Reference SmtpServer server) {
        this.server = server;
    }

    @Override
    public Conversation begin(Connection connection) {
        return new SmtpConversation(new Session(server, connection, Role.SUBMISSION));
    }

    @Override
    public Conversation resume(Connection connection, Suspended state) {
        return new SmtpConversation(new Session(server, connection, Role.SUBMISSION, state));
    }
}
