package org.posthorn.api.dns;

/**
 * A mail exchanger.
 *
 * @param host without a final dot; empty for a null MX, RFC 7505
 */
public record Mx(int preference, String host) {}
