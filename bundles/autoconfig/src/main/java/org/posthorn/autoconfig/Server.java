package org.posthorn.autoconfig;

/**
 * A service, and where it is.
 *
 * @param port as clients reach it, 1 to 65535
 */
record Server(Service service, int port) {}
