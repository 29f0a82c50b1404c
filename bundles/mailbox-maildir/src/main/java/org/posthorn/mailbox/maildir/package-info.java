/** Mail as files in a Maildir, with folders as in Maildir++. */
package org.posthorn.mailbox.maildir;
