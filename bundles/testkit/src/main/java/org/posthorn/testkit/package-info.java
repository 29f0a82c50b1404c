/** For tests only: protocols spoken in memory and over TCP, by scripts. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package org.posthorn.testkit;
