package org.posthorn.api.config;

import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Checks the settings of one PID beyond type and range, before they come into force. Registered with the property {@code pid}; for a factory, its
 * factory PID. Must not change anything.
 */
@ConsumerType
public interface SettingsCheck {

    /** @param settings values in their declared types, defaults included */
    List<Problem> check(Map<String, Object> settings);

    /**
     * Names of services that are not there at the moment. They are told to who asks, but the settings come into force all the same: a bundle that
     * brings the service may come later.
     *
     * @param settings values in their declared types, defaults included
     */
    default List<Problem> absent(Map<String, Object> settings) {
        return List.of();
    }

    /**
     * Something wrong.
     *
     * @param key the setting
     * @param value as it stands in the file
     * @param allowed what may stand there, in words
     */
    record Problem(String key, String value, String allowed) {}
}
