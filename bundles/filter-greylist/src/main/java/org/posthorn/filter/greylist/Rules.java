package org.posthorn.filter.greylist;

import java.time.Duration;
import java.util.List;
import org.posthorn.api.net.Network;

/**
 * @param delay how long a stranger must wait before it comes again
 * @param window how long it may take to do so
 * @param keep how long one that came again is remembered after its last mail
 * @param trust after so many mails that came again all mail of that network passes; 0 for never
 * @param exempt networks whose clients pass unasked
 */
record Rules(Duration delay, Duration window, Duration keep, int trust, List<Network> exempt) {}
