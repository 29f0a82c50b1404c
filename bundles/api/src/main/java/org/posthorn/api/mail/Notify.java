package org.posthorn.api.mail;

/** When a sender wants word of a recipient, RFC 3461 4.1. */
public enum Notify {
    NEVER,
    SUCCESS,
    FAILURE,
    DELAY
}
