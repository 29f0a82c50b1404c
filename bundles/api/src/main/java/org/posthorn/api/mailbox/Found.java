package org.posthorn.api.mailbox;

import java.time.Instant;

/**
 * A message found by a scan.
 *
 * @param key what the folder calls it
 * @param uid the UID noted with it; 0 when none is
 * @param size octets, with CRLF line ends; negative when that is not known without reading it
 */
public record Found(String key, long uid, Flags flags, long size, Instant internalDate) {}
