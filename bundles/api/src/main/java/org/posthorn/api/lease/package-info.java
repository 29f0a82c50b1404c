/** Services in use are counted, so that they can be replaced while they work. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package org.posthorn.api.lease;
