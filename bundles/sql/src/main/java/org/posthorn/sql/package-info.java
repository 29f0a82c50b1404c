/** The database of the moment, and the tables that one part keeps in it. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package org.posthorn.sql;
