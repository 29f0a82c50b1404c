/** JMAP, RFC 8620: how clients read and write mail over HTTP. */
package org.posthorn.jmap;
