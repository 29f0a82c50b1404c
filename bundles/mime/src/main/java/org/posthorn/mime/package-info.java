/** What stands in a message: header, structure, addresses, and the making of reports. A library, without services. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.1.0")
package org.posthorn.mime;
