package org.posthorn.mailbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.posthorn.api.config.SettingsCheck;

/** Looks whether accounts can live where they are to. A disk may be mounted later, so that the settings come into force all the same. */
@Component(property = "pid=org.posthorn.mailbox")
public final class RootCheck implements SettingsCheck {

    @Override
    public List<Problem> check(Map<String, Object> settings) {
        return List.of();
    }

    @Override
    public List<Problem> absent(Map<String, Object> settings) {
        if (!(settings.get("root") instanceof String root) || root.isEmpty()) return List.of();
        return obstacle(Path.of(root).toAbsolutePath()).stream()
                .map(why -> new Problem("root", root, "a folder that is there or can be made; " + why))
                .toList();
    }

    private static Optional<String> obstacle(Path root) {
        if (Files.isDirectory(root))
            return Files.isWritable(root) ? Optional.empty() : Optional.of("nothing can be written in it");
        Path there = root.getParent();
        while (!Files.exists(there)) there = there.getParent();
        try {
            // Whether a folder can be made only the system knows: in /proc not even root can.
            Files.delete(Files.createTempDirectory(there, ".posthorn"));
            return Files.exists(root) ? Optional.of("it is none") : Optional.empty();
        } catch (IOException e) {
            return Optional.of("in " + there + " none can be made");
        }
    }
}
