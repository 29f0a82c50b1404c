/** The door: what a protocol sees of a connection, and a connection of a protocol. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package org.posthorn.api.net;
