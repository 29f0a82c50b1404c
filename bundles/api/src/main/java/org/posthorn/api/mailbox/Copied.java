package org.posthorn.api.mailbox;

import java.util.List;

/**
 * What a copy or move did: the UID at a place of {@code from} became the one at that place of {@code to}. RFC 4315 3.
 *
 * @param uidValidity of the target
 */
public record Copied(long uidValidity, List<Long> from, List<Long> to) {}
