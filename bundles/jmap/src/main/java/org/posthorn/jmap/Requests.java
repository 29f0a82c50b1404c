package org.posthorn.jmap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.posthorn.api.mail.Address;

/** Carries out requests, whatever way they come (RFC 8620 3, RFC 8887 4.3.2): the limits are for all ways together. Safe for several threads. */
final class Requests {

    private final Services services;
    private final SessionResource session;
    private final Turns turns = new Turns();
    private final Room room = new Room(Limits.ALL_REQUESTS, Limits.SHARE_OF_REQUESTS);

    Requests(Services services, SessionResource session) {
        this.services = services;
        this.session = session;
    }

    Limits limits() {
        return services.limits().get();
    }

    /** The right to have one carried out. @throws Refused when the account has as many as it may have */
    Turns.Turn turn(Address user) throws Refused {
        return turns.take(user, limits().requests())
                .orElseThrow(() -> new Refused(Problem.limit("maxConcurrentRequests")));
    }

    /** Where a request has its place, from its first octet to the last of its answer. */
    Room.Held room(Address user) {
        return room.hold(user);
    }

    /** What a client sent, as values, which take their place beside the octets. */
    static JsonNode json(Body body, Room.Held room) throws Refused {
        JsonNode json = json(body);
        if (!room.take(Json.weight(json))) throw new Refused(Body.NO_ROOM);
        return json;
    }

    private static JsonNode json(Body body) throws Refused {
        try {
            return Json.read(body.octets(), 0, body.length(), Limits.VALUES);
        } catch (Json.TooMuch e) {
            throw new Refused(Problem.limit("maxSizeRequest"));
        } catch (IOException e) {
            throw new Refused(Problem.notJson("The request is no I-JSON"));
        }
    }

    /**
     * The whole response.
     *
     * @param base the server as the client is to name it
     * @throws Refused when nothing of it is carried out
     */
    ObjectNode answer(Asker asker, String base, Request request, Room.Held held) throws IOException, Refused {
        ObjectNode answer = Interpreter.run(services, asker, request, held);
        return answer.put("sessionState", session.state(asker.user(), base));
    }
}
