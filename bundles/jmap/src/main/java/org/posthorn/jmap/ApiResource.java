package org.posthorn.jmap;

import java.io.IOException;
import java.util.List;

/** Where method calls are posted, RFC 8620 3.1. */
final class ApiResource implements Resource {

    private final Requests requests;

    ApiResource(Requests requests) {
        this.requests = requests;
    }

    @Override
    public List<String> methods() {
        return List.of("POST");
    }

    @Override
    public void serve(Exchange exchange) throws IOException, Refused {
        if (!MediaType.of(exchange.request().getContentType()).equals("application/json"))
            throw new Refused(Problem.notJson("The content type is not application/json"));
        Turns.Turn turn = requests.turn(exchange.user());
        try (turn;
                Room.Held held = requests.room(exchange.user())) {
            Request request = request(exchange, requests.limits(), held);
            exchange.answer(200, requests.answer(exchange.asker(), exchange.base(), request, held));
        }
    }

    private static Request request(Exchange exchange, Limits limits, Room.Held room) throws IOException, Refused {
        if (exchange.request().getContentLengthLong() > limits.requestSize())
            throw new Refused(Problem.limit("maxSizeRequest"));
        Paced in = new Paced(exchange.request().getInputStream(), System::nanoTime);
        try (Body body = Body.read(in, limits.requestSize(), room)) {
            return Request.of(Requests.json(body, room));
        } catch (Paced.Slow e) {
            throw new Refused(Paced.PROBLEM);
        }
    }
}
