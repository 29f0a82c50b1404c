/** UIDs, flags, mod-sequences, the expunge log and notification: once for all formats. */
package org.posthorn.mailbox;
