package org.posthorn.http;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.posthorn.api.http.WebSocket;

/** Sends back each text when it is whole. {@code break} fails, and {@code bye} closes. */
final class EchoSocket extends HttpServlet {

    private static final long serialVersionUID = 1;

    final transient Queue<WebSocket> opened = new ConcurrentLinkedQueue<>();
    final AtomicInteger closed = new AtomicInteger();
    final AtomicInteger texts = new AtomicInteger();

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (request.getAttribute(WebSocket.OFFER) instanceof WebSocket.Offer offer)
            offer.accept(offer.subprotocols().get(0), new Echo());
        else response.sendError(426);
    }

    private final class Echo implements WebSocket.Listener {
        private final ByteArrayOutputStream whole = new ByteArrayOutputStream();
        private WebSocket socket;

        @Override
        public void opened(WebSocket one) {
            socket = one;
            opened.add(one);
        }

        @Override
        public CompletionStage<Void> text(ByteBuffer part, boolean last) {
            byte[] octets = new byte[part.remaining()];
            part.get(octets);
            whole.writeBytes(octets);
            if (!last) return CompletableFuture.completedFuture(null);
            byte[] text = whole.toByteArray();
            whole.reset();
            texts.incrementAndGet();
            return switch (new String(text, java.nio.charset.StandardCharsets.UTF_8)) {
                case "break" -> CompletableFuture.failedFuture(new IllegalStateException("broken"));
                case "bye" -> socket.close(WebSocket.GOING_AWAY, "Bye");
                default -> socket.send(text);
            };
        }

        @Override
        public void closed() {
            closed.incrementAndGet();
        }
    }
}
