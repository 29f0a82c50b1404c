package org.posthorn.api.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ConsumerType;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A WebSocket (RFC 6455) of a client, which the HTTP door holds: it answers pings, sends some itself, and cuts off who does not answer, or takes nothing of
 * what is sent to him for as long as {@code idleTimeout}. Without anything to do it keeps no thread. Safe for several threads.
 */
@ProviderType
public interface WebSocket {

    /** The end of what this server does: it stops, or another version comes in the place of this one. RFC 6455 7.4.1. */
    int GOING_AWAY = 1001;

    int POLICY_VIOLATION = 1008;
    int TOO_BIG = 1009;
    int TRY_AGAIN_LATER = 1013;

    /** Attribute of a request that asks for a WebSocket as RFC 6455 4.2.1 has it: an {@link Offer}. There is none in other requests. */
    String OFFER = "org.posthorn.http.websocket";

    /** What a request asks for, until the servlet's call of {@code service} returns. For one thread. */
    @ProviderType
    interface Offer {

        /** Those that the client proposes, the one that it likes best first; perhaps none. */
        List<String> subprotocols();

        /**
         * Answers the request with 101; nothing else may be written.
         *
         * @param subprotocol one of those
         * @param listener heard from now on, on threads of the door; forgotten when it has closed the WebSocket, or has been told that it is closed
         * @throws IOException when the client is gone
         */
        void accept(String subprotocol, Listener listener) throws IOException;
    }

    /** Who has a WebSocket. His methods are called one behind the other, {@link #closed} perhaps beside them. */
    @ConsumerType
    interface Listener {

        /** Before anything else. */
        void opened(WebSocket socket);

        /**
         * A part of a text message; the messages may be as long as the client likes.
         *
         * @param part UTF-8 that may end in the midst of a character, unless it is the last; the door's again when this returns
         * @return when it ends the next part is read, so who falls behind makes the client wait; when it fails the WebSocket is closed (1011)
         */
        CompletionStage<Void> text(ByteBuffer part, boolean last);

        /** The client has closed it, or is gone. Called once, and not when the listener's side closed it. */
        void closed();
    }

    /**
     * Sends a text message, behind those before it.
     *
     * @param text UTF-8; not changed while it is sent
     * @return ends when the client's system has taken it, or fails when that never will be
     */
    CompletionStage<Void> send(byte[] text);

    /**
     * Closes it behind what is sent already. Nothing more is heard of it, and its listener is forgotten.
     *
     * @param code of RFC 6455 7.4
     * @param reason at most 123 octets
     * @return ends when that has been sent, or the client is gone
     */
    CompletionStage<Void> close(int code, String reason);
}
