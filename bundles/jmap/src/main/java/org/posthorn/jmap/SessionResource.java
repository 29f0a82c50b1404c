package org.posthorn.jmap;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.MailboxStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The session object, RFC 8620 2: what the server can do, the user's accounts, and where all else is. */
final class SessionResource implements Resource {

    private static final Logger LOG = LoggerFactory.getLogger(SessionResource.class);
    private static final int STATE_OCTETS = 8;

    private final Services services;

    SessionResource(Services services) {
        this.services = services;
    }

    @Override
    public List<String> methods() {
        return List.of("GET");
    }

    @Override
    public void serve(Exchange exchange) throws IOException {
        exchange.answer(200, session(exchange.user(), exchange.base()));
    }

    private ObjectNode session(Address user, String server) throws JsonProcessingException {
        ObjectNode session = Json.NODES.objectNode();
        Limits limits = services.limits().get();
        String account = Id.account(user);
        ObjectNode capabilities = session.putObject("capabilities");
        services.methods().capabilities().forEach((uri, c) -> capabilities.set(uri, c.server(limits, server)));
        ObjectNode accounts = session.putObject("accounts");
        AccountObject objects = new AccountObject(services.methods(), limits);
        accounts.set(account, objects.own(user));
        others(user, objects, accounts);
        ObjectNode primary = session.putObject("primaryAccounts");
        for (Capability capability : services.methods().capabilities().values())
            // What all capabilities need is of no account more than of another.
            if (capability.isOfAccounts() && !capability.uri().equals(CoreCapability.URI))
                primary.put(capability.uri(), account);
        session.put("username", user.toString());
        String base = server + "/jmap";
        session.put("apiUrl", base + "/api");
        session.put("downloadUrl", base + "/download/{accountId}/{blobId}?name={name}&type={type}");
        session.put("uploadUrl", base + "/upload/{accountId}/");
        session.put("eventSourceUrl", base + "/eventsource?types={types}&closeafter={closeafter}&ping={ping}");
        return session.put("state", HexFormat.of().formatHex(digest(session), 0, STATE_OCTETS));
    }

    /** Those of others to which he is subscribed, RFC 9670 1.4. While the mailboxes are away nobody knows of them. */
    private void others(Address user, AccountObject objects, ObjectNode accounts) {
        try (Lease<MailboxStore> store = services.stores().lease().orElse(null)) {
            if (store == null) return;
            Sharing sharing = new Sharing(store.get(), user);
            for (Reach reach : sharing.subscribed().keySet())
                other(reach, objects, sharing.name(reach.owner()), accounts);
        } catch (IOException broken) {
            // Calls that were carried out are answered all the same.
            LOG.error("What others share with {} cannot be told", user, broken);
        }
    }

    /** What one of them is like is no reason to tell of none. */
    private static void other(Reach reach, AccountObject objects, String name, ObjectNode accounts) {
        try {
            accounts.set(Id.account(reach.owner()), objects.other(reach, name));
        } catch (IOException broken) {
            LOG.warn("What {} shares with {} could not be read: {}", reach.owner(), reach.user(), broken.toString());
        }
    }

    /** Changes when anything in it does. */
    private static byte[] digest(ObjectNode session) throws JsonProcessingException {
        return Id.digest(Json.MAPPER.writeValueAsBytes(session));
    }

    /** @param server as the client is to name it */
    String state(Address user, String server) throws JsonProcessingException {
        return session(user, server).path("state").textValue();
    }
}
