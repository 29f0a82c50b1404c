/** For tests only: a disk that writes down what is done to it, and can tell what a power failure would have left of it. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package org.posthorn.testkit.disk;
