/** The journal between the reply and the shelf, and the octets of mail that waits. */
package org.posthorn.spool;
