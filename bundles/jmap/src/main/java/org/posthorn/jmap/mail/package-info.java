/** Mail by JMAP, RFC 8621. */
package org.posthorn.jmap.mail;
