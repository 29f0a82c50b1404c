/** Runs a proposed chain of filters over delivered mail, and tells what would change. */
package org.posthorn.replay;
