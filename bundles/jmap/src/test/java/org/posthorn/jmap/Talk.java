package org.posthorn.jmap;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.posthorn.api.lease.Leased;
import org.posthorn.api.mail.Address;
import org.posthorn.sasl.OpenLogins;

/** Requests to the interpreter, without HTTP. Quotes may be single ones. */
final class Talk {

    static final Address DEMO = Address.of("demo@example.org");
    static final String ACCOUNT = Id.account(DEMO);
    static final Limits LIMITS = new Limits(1000, 2, 100_000, 2, 8, 6, 6, 2500, Duration.ofHours(2));

    /** What a request of these tests has beside its text. */
    private final Room room = new Room(1 << 21, 1 << 20);

    final Things things = new Things();
    private final Services services;
    private final String using;

    Talk(Path folder, Capability... more) {
        List<Capability> all = new ArrayList<>(List.of(new CoreCapability(Map.of()), things));
        all.addAll(List.of(more));
        using = all.stream().map(c -> "'" + c.uri() + "'").collect(Collectors.joining(","));
        services = new Services(
                new Leased<>(),
                new Leased<>(),
                new OpenLogins(new Leased<>()),
                new MethodTable(all),
                new Uploads(folder, () -> LIMITS, new SecureRandom(), Clock.systemUTC()),
                () -> LIMITS);
    }

    Services services() {
        return services;
    }

    /** The whole response to method calls, without the brackets around them all. */
    JsonNode calls(String calls) throws IOException, Refused {
        return request("{'using': [" + using + "], 'methodCalls': [" + calls + "]}");
    }

    JsonNode request(String request) throws IOException, Refused {
        try (Room.Held held = room.hold(DEMO)) {
            return Interpreter.run(services, Asker.of(DEMO), Request.of(json(request)), held);
        }
    }

    static JsonNode json(String text) throws IOException {
        return Json.read(
                text.replace('\'', '"').replace("ACCOUNT", ACCOUNT).getBytes(StandardCharsets.UTF_8), Limits.VALUES);
    }
}
