package org.posthorn.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.posthorn.api.config.SettingsReader;

/** Reads files outside the folder, for who tries settings before they come into force. */
@Component
public final class AnyFile implements SettingsReader {

    private final ConfigFolder folder;

    /** By the schemas of that. */
    @Activate
    public AnyFile(@Reference ConfigFolder folder) {
        this.folder = folder;
    }

    @Override
    public Map<String, Object> read(String pid, Path file) throws IOException {
        if (!Files.isReadable(file)) throw new IllegalArgumentException(file + " cannot be read");
        Checked checked = folder.check(pid, file);
        if (!checked.faults().isEmpty())
            throw new IllegalArgumentException(
                    checked.faults().stream().map(Fault::toString).collect(Collectors.joining("\n")));
        return checked.values();
    }
}
