/** The webmail: files for a browser, which is a JMAP client with them. */
package org.posthorn.webmail;
