package org.posthorn.api.mailbox;

import java.util.List;
import java.util.function.Predicate;

/**
 * What lies in a {@link Folder}.
 *
 * @param stamp of that moment
 * @param uidValidity that the UIDs belong to; 0 when none is noted
 * @param uidNext more than any UID noted
 * @param found in the order in which new ones shall get their UIDs
 * @param settled false when another program was at work at the same time, so that what is missing may only have been overlooked
 * @param keeps whether a keyword can be kept with the messages; those that cannot are not gone when they are not found
 */
public record Scan(
        Stamp stamp, long uidValidity, long uidNext, List<Found> found, boolean settled, Predicate<String> keeps) {}
