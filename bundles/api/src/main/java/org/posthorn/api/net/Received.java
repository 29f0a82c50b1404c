package org.posthorn.api.net;

import java.io.IOException;
import java.util.Optional;

/**
 * How a transfer went.
 *
 * @param octets how many came, dots taken out
 * @param tooLarge more came than the limit; the rest was dropped, up to its end
 * @param bareLineEnd a bare CR or LF was among them
 * @param broken what the sink threw, after which it was given nothing more
 */
public record Received(long octets, boolean tooLarge, boolean bareLineEnd, Optional<IOException> broken) {}
