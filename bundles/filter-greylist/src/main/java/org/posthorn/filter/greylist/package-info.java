/** Puts unknown senders off for a while. */
package org.posthorn.filter.greylist;
