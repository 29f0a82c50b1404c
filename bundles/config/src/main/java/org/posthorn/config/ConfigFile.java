package org.posthorn.config;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * One file of the folder.
 *
 * @param name the file's name
 * @param pid before the first hyphen, or the whole name without {@code .cfg}
 * @param instance behind the hyphen
 * @param values as they stand there
 * @param faults of reading
 */
record ConfigFile(String name, String pid, Optional<String> instance, Map<String, String> values, List<Fault> faults) {

    static final String SUFFIX = ".cfg";
    private static final long LONGEST = 1 << 20;

    /** Reads it; whatever is wrong with it is among the faults. */
    static ConfigFile read(Path file) {
        String name = file.getFileName().toString();
        String stem = name.substring(0, name.length() - SUFFIX.length());
        int hyphen = stem.indexOf('-');
        Optional<String> instance = hyphen < 0 ? Optional.empty() : Optional.of(stem.substring(hyphen + 1));
        return read(file, hyphen < 0 ? stem : stem.substring(0, hyphen), instance);
    }

    /** Reads it as that of a PID, whatever it is called. */
    static ConfigFile read(Path file, String pid, Optional<String> instance) {
        String name = file.getFileName().toString();
        Map<String, String> values = new LinkedHashMap<>();
        List<Fault> faults = new ArrayList<>();
        try {
            load(file, name, values, faults);
        } catch (CharacterCodingException e) {
            faults.add(new Fault(name, "", "", "it is not UTF-8"));
        } catch (IOException | IllegalArgumentException e) {
            faults.add(new Fault(name, "", "", "it cannot be read: " + e.getMessage()));
        }
        return new ConfigFile(name, pid, instance, values, faults);
    }

    /** Of a part without a file: all is as it is by default. */
    static ConfigFile none(String pid) {
        return new ConfigFile(pid + SUFFIX, pid, Optional.empty(), Map.of(), List.of());
    }

    private static void load(Path file, String name, Map<String, String> values, List<Fault> faults)
            throws IOException {
        // A device has no end, and a pipe may have no beginning.
        if (!Files.isRegularFile(file)) throw new IOException("it is no plain file");
        if (Files.size(file) > LONGEST) throw new IOException("it is larger than 1 MiB");
        Properties reader = new Properties() {
            private static final long serialVersionUID = 1;

            @Override
            public synchronized Object put(Object key, Object value) {
                String before = values.put((String) key, ((String) value).strip());
                if (before != null) faults.add(new Fault(name, (String) key, (String) value, "a key once in a file"));
                return before;
            }
        };
        try (Reader text = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            reader.load(text);
        }
    }
}
