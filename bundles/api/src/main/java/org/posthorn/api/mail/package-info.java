/** What a mail is made of: addresses, envelope, message, replies. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package org.posthorn.api.mail;
