/** The embedded database: a DataSource over Apache Derby. */
package org.posthorn.database.derby;
