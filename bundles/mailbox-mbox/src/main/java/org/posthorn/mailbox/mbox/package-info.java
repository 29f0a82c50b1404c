/** Mail in one file a mailbox: mboxrd, with the fields that mutt and Dovecot keep flags and UIDs in. */
package org.posthorn.mailbox.mbox;
