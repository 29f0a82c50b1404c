/** Proving who one is: SASL mechanisms on the server's side (RFC 4422), and passwords as they are kept. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.1.0")
package org.posthorn.sasl;
