package org.posthorn.api.config;

import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Checks the settings of one PID beyond type and range, before they come into force. Registered with the property {@code pid}; for a factory, its
 * factory PID. Must not change anything. One that stands in the bundle with its settings is also made by its constructor without arguments, with nothing bound to it, and
 * asked {@link #check} before there are services: what it cannot tell then, it leaves to the call as a service.
 */
@ConsumerType
public interface SettingsCheck {

    /** @param settings values in their declared types, defaults included */
    List<Problem> check(Map<String, Object> settings);

    /**
     * Names of what is not there at the moment: services, a folder, an address of the machine. They are told to who asks, but the settings come into
     * force all the same: what is named may come later.
     *
     * @param settings values in their declared types, defaults included
     */
    default List<Problem> absent(Map<String, Object> settings) {
        return List.of();
    }

    /**
     * What in the files of a factory does not go together, as two listeners on one port. It is told to who asks, but the settings come into force all the
     * same: the file that is changed next may be the other one.
     *
     * @param settings of each file, by its name; values in their declared types, defaults included
     * @return what is wrong, by the name of a file
     */
    default Map<String, List<Problem>> clashes(Map<String, Map<String, Object>> settings) {
        return Map.of();
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
