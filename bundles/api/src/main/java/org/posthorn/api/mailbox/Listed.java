package org.posthorn.api.mailbox;

import java.util.Optional;

/**
 * A mailbox as LIST sees it.
 *
 * @param name full name, in Unicode
 * @param selectable false for a mere level of the hierarchy
 */
public record Listed(String name, boolean selectable, boolean subscribed, Optional<SpecialUse> use) {}
