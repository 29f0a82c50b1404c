/** The commands of IMAP, one class each; {@code CommandTable} lists them. */
package org.posthorn.imap.command;
