package org.posthorn.queue;

/** Where a transport is to bring mail. */
record Destination(String transport, String nextHop) {}
