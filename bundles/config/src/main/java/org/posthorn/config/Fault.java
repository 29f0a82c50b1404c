package org.posthorn.config;

/**
 * Something wrong with a file.
 *
 * @param key may be empty: the file as a whole
 * @param value as it stands there
 * @param allowed what may stand there
 */
record Fault(String file, String key, String value, String allowed) {

    @Override
    public String toString() {
        return key.isEmpty() ? file + ": " + allowed : file + ": " + key + " = " + value + ": allowed is " + allowed;
    }
}
