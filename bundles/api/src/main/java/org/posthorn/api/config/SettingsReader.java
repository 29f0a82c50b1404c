package org.posthorn.api.config;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;

/** Reads files of settings that are not in force. Safe for several threads. */
@ProviderType
public interface SettingsReader {

    /**
     * What a file sets that is read as {@code PID.cfg}, wherever it lies: values in their declared types, without defaults.
     *
     * @throws IllegalArgumentException saying all that is wrong with it
     */
    Map<String, Object> read(String pid, Path file) throws IOException;
}
