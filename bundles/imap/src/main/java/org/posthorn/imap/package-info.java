/** IMAP4rev1: a session's talk, its view of a mailbox, and the words that go to and fro. The commands are next door. */
package org.posthorn.imap;
