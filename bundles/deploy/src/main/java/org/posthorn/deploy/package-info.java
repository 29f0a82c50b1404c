/** Watches {@code deploy/}: a bundle put there runs, a changed one is replaced, a removed one goes; while mail flows. */
package org.posthorn.deploy;
