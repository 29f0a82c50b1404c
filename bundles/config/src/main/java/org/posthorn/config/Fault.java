package org.posthorn.config;

import org.posthorn.api.config.SettingsCheck;

/**
 * Something wrong with a file.
 *
 * @param key may be empty: the file as a whole
 * @param value as it stands there
 * @param allowed what may stand there
 */
record Fault(String file, String key, String value, String allowed) {

    static Fault of(String file, SettingsCheck.Problem problem) {
        return new Fault(file, problem.key(), problem.value(), problem.allowed());
    }

    @Override
    public String toString() {
        return key.isEmpty() ? file + ": " + allowed : file + ": " + key + " = " + value + ": allowed is " + allowed;
    }
}
