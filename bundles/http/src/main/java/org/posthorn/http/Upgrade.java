package org.posthorn.http;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.util.Blocker;
import org.eclipse.jetty.util.thread.Scheduler;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.WebSocketComponents;
import org.eclipse.jetty.websocket.core.server.Handshaker;
import org.eclipse.jetty.websocket.core.server.WebSocketNegotiator;
import org.posthorn.api.http.WebSocket;

/** A request that asks for a WebSocket, RFC 6455 4.2. Compression (RFC 7692) is not agreed on: a few octets of it can be many of memory. */
public final class Upgrade implements WebSocket.Offer {

    private static final int KEY_OCTETS = 16;
    private static final int FRAME_OCTETS = 1 << 16;
    private static final Handshaker HANDSHAKER = Handshaker.newInstance();
    /** Nothing of it is ever started: extensions would need it. */
    private static final WebSocketComponents COMPONENTS =
            new WebSocketComponents(null, null, null, null, null, Runnable::run);

    private final HttpServletRequest request;
    private final Duration idle;

    private Upgrade(HttpServletRequest request, Duration idle) {
        this.request = request;
        this.idle = idle;
    }

    /**
     * What that request asks for; empty when it is no WebSocket, or one of another version.
     *
     * @param idle how long a client may be silent, or take nothing
     */
    public static Optional<WebSocket.Offer> of(HttpServletRequest request, Duration idle) {
        boolean asks = request.getMethod().equals("GET")
                && request.getProtocol().equals("HTTP/1.1")
                && words(request, "Upgrade").anyMatch("websocket"::equalsIgnoreCase)
                && words(request, "Connection").anyMatch("upgrade"::equalsIgnoreCase)
                && "13".equals(request.getHeader("Sec-WebSocket-Version"))
                && isKey(request.getHeader("Sec-WebSocket-Key"));
        return asks ? Optional.of(new Upgrade(request, idle)) : Optional.empty();
    }

    private static Stream<String> words(HttpServletRequest request, String header) {
        return Collections.list(request.getHeaders(header)).stream()
                .flatMap(value -> Stream.of(value.split(",")))
                .map(String::strip)
                .filter(word -> !word.isEmpty());
    }

    private static boolean isKey(String key) {
        try {
            return key != null && Base64.getDecoder().decode(key.strip()).length == KEY_OCTETS;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    @Override
    public List<String> subprotocols() {
        return words(request, "Sec-WebSocket-Protocol").toList();
    }

    @Override
    public void accept(String subprotocol, WebSocket.Listener listener) throws IOException {
        ServletContextRequest asked = ServletContextRequest.getServletContextRequest(request);
        Scheduler clock = asked.getConnectionMetaData().getConnector().getScheduler();
        Frames frames = new Frames(listener, idle, clock);
        try (Blocker.Callback answered = Blocker.callback()) {
            WebSocketNegotiator negotiator = negotiator(subprotocol, frames);
            boolean well = HANDSHAKER.upgradeRequest(
                    negotiator, asked, asked.getServletContextResponse(), answered, COMPONENTS, session -> {
                        session.setIdleTimeout(idle);
                        session.setMaxFrameSize(FRAME_OCTETS);
                    });
            if (!well) throw new IOException("it is no handshake");
            answered.block();
        }
    }

    private static WebSocketNegotiator negotiator(String subprotocol, FrameHandler frames) {
        return (asked, answer, callback) -> {
            answer.setAcceptedSubProtocol(subprotocol);
            answer.setExtensions(List.of());
            return frames;
        };
    }
}
