/** What the HTTP door and those who answer behind it have in common. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package org.posthorn.api.http;
