package org.posthorn.jmap.mail;

/**
 * What is found out of a message by reading all of it, and asked for with each list: RFC 8621 4.1.4.
 *
 * @param preview at most 256 characters
 */
record Digest(boolean hasAttachment, String preview) {}
