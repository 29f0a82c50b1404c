package org.posthorn.queue;

/** Where a transport is to bring mail. */
record Destination(String transport, String nextHop) {

    /** Of what no transport is needed for. */
    static final Destination NOWHERE = new Destination("", "");
}
