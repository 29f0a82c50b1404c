/**
 * The way to other servers: {@code NextHop} → {@code Exchangers} (MX) → {@code Attempt} (server by server) → {@code RemoteSession} →
 * {@code Transaction}.
 */
package org.posthorn.delivery.smtp;
