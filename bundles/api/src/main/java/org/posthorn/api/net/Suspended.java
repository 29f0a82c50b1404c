package org.posthorn.api.net;

import java.util.Map;

/**
 * A conversation between two commands, as plain values that any version can read; never objects of a bundle's own classes.
 *
 * @param version of the form, by the protocol's own count
 */
public record Suspended(int version, Map<String, String> values) {
    public Suspended {
        values = Map.copyOf(values);
    }
}
