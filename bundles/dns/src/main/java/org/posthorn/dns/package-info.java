/** The DNS, by dnsjava, whose types stay here. */
package org.posthorn.dns;
