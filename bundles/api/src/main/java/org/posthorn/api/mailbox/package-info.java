/** The shelf: what reading protocols and delivery see of it, and what a format gives it. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.3.0")
package org.posthorn.api.mailbox;
