/** POP3, RFC 1939. */
package org.posthorn.pop3;
