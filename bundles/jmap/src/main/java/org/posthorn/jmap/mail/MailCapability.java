package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.posthorn.api.mail.Address;
import org.posthorn.jmap.Capability;
import org.posthorn.jmap.Context;
import org.posthorn.jmap.Json;
import org.posthorn.jmap.Limits;
import org.posthorn.jmap.Method;
import org.posthorn.jmap.MethodFault;

/** {@code urn:ietf:params:jmap:mail}, RFC 8621 1.3.1. */
public final class MailCapability implements Capability {

    public static final String URI = "urn:ietf:params:jmap:mail";

    private final Digests digests = new Digests();
    private final Deliveries deliveries = new Deliveries();
    private final Snoozes snoozes;

    /** @param snoozes the mail that sleeps, of which {@link SnoozeCapability} lets clients hear */
    public MailCapability(Snoozes snoozes) {
        this.snoozes = snoozes;
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
    public ObjectNode account(Limits limits, Address user) {
        return account(limits, EmailOrder.OPTIONS).put("mayCreateTopLevelMailbox", true);
    }

    /** What is at the top is its owner's alone, and what he has put to sleep. */
    @Override
    public Optional<ObjectNode> shared(Limits limits) {
        return Optional.of(account(limits, EmailOrder.SHARED_OPTIONS).put("mayCreateTopLevelMailbox", false));
    }

    private static ObjectNode account(Limits limits, List<String> sorts) {
        ObjectNode mail = Json.NODES.objectNode();
        mail.putNull("maxMailboxesPerEmail");
        mail.putNull("maxMailboxDepth");
        mail.put("maxSizeMailboxName", MailboxName.LONGEST);
        mail.put("maxSizeAttachmentsPerEmail", limits.uploadSize());
        sorts.forEach(mail.putArray("emailQuerySortOptions")::add);
        return mail;
    }

    /** RFC 8621 1.5. */
    @Override
    public Map<String, String> states(Context context, Address account) throws IOException, MethodFault {
        MailView view = MailView.of(context, account, digests);
        String state = view.state();
        String delivery = deliveries.state(view, state);
        String mailboxes = Folders.of(context, account).state();
        return Map.of("Mailbox", mailboxes, "Email", state, "Thread", state, "EmailDelivery", delivery);
    }

    @Override
    public Map<String, Method> methods() {
        Map<String, Method> methods = new HashMap<>(MailboxMethods.all());
        methods.putAll(EmailMethods.all(digests, snoozes));
        return methods;
    }
}
