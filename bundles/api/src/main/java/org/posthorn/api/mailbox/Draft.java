package org.posthorn.api.mailbox;

import java.time.Instant;
import org.posthorn.api.mail.Message;

/**
 * A message that a client puts into a mailbox.
 *
 * @param internalDate when it came, to the second
 */
public record Draft(Message message, Flags flags, Instant internalDate) {}
