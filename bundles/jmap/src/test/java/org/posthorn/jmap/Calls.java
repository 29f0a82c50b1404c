package org.posthorn.jmap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.posthorn.api.events.MailStories;
import org.posthorn.api.lease.Leased;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.MailboxStore;
import org.posthorn.jmap.mail.ShareNotifications;
import org.posthorn.jmap.mail.Snoozes;
import org.posthorn.sasl.OpenLogins;

/** Method calls without a door. */
public final class Calls {

    private static final Limits LIMITS =
            new Limits(1 << 20, 4, 1 << 20, 4, 16, 500, 500, 1 << 24, Duration.ofHours(24));

    private final Services services;
    private final Address user;

    private final Uploads uploads;
    private final String using;
    private final Room room = new Room(64 << 20, 28 << 20);

    /** Stories of mails, of whom there are none yet. */
    public final Leased<MailStories> stories = new Leased<>();

    /** @param folder for uploads */
    public Calls(MailboxStore store, Address user, Path folder, Capability... more) {
        this(store, user, folder, new Snoozes(folder, Clock.systemUTC()), more);
    }

    /** The same, with what is known of snoozed mail. */
    public Calls(MailboxStore store, Address user, Path folder, Snoozes snoozes, Capability... more) {
        this(store, user, folder, snoozes, new ShareNotifications(folder, Clock.systemUTC()), more);
    }

    /** The same, with what users are told of what others share. */
    public Calls(
            MailboxStore store,
            Address user,
            Path folder,
            Snoozes snoozes,
            ShareNotifications shares,
            Capability... more) {
        Leased<MailboxStore> stores = new Leased<>();
        stores.add(store, Map.of());
        this.uploads = new Uploads(folder, () -> LIMITS, new SecureRandom(), Clock.systemUTC());
        this.services = new Services(
                stores,
                new Leased<>(),
                new OpenLogins(new Leased<>()),
                MethodTable.whole(Map.of(), stories, snoozes, shares, more),
                uploads,
                () -> LIMITS);
        this.user = user;
        this.using = services.methods().capabilities().keySet().stream()
                .map(uri -> '"' + uri + '"')
                .collect(Collectors.joining(","));
    }

    /** The id of what is uploaded. */
    public String upload(byte[] octets) throws IOException {
        return uploads.store(user, new ByteArrayInputStream(octets)).id();
    }

    /** The methodResponses to these calls. @param calls with {@code ACCOUNT} for the account's id */
    public JsonNode all(String calls) throws IOException {
        return all(using, calls);
    }

    /** The same of a client that knows less. @param using URIs of capabilities in quotes */
    public JsonNode all(String using, String calls) throws IOException {
        String text =
                "{\"using\":[" + using + "],\"methodCalls\":[" + calls.replace("ACCOUNT", Id.account(user)) + "]}";
        try (Room.Held held = room.hold(user)) {
            ObjectNode answer = Interpreter.run(
                    services,
                    Asker.of(user),
                    Request.of(Json.read(text.getBytes(StandardCharsets.UTF_8), 10_000)),
                    held);
            return Json.MAPPER.readTree(answer.path("methodResponses").toString());
        } catch (Refused refused) {
            throw new AssertionError(refused.problem().toString(), refused);
        }
    }

    /** The responses to one call in somebody's account: what it implies has its own behind it. @param arguments without accountId */
    public JsonNode of(String account, String method, String arguments) throws IOException {
        String more = arguments.isEmpty() ? "" : ",";
        String id = Id.account(Address.of(account));
        return all("[\"" + method + "\",{\"accountId\":\"" + id + "\"" + more + arguments + "},\"0\"]");
    }

    /** The arguments of the response to one call, or of the error. @param arguments without accountId */
    public JsonNode one(String method, String arguments) throws IOException {
        String more = arguments.isEmpty() ? "" : ",";
        return all("[\"" + method + "\",{\"accountId\":\"ACCOUNT\"" + more + arguments + "},\"0\"]")
                .at("/0/1");
    }
}
