/**
 * The door: listeners, lines, TLS and limits, on Apache MINA, whose types stay here.
 *
 * <p>A connection's way: {@code Sessions} (MINA's threads) → {@code Client} ({@code Inbox}, {@code Serial}) → on a worker {@code Decoder} →
 * {@code Seat} (the conversation) → {@code Outbox} → the socket.
 */
package org.posthorn.net;
