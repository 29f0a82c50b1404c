package org.posthorn.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.posthorn.api.shell.CommandLine;
import org.posthorn.api.shell.ShellCommand;
import org.posthorn.api.shell.ShellCommands;

/** {@code config:check} and {@code config:show}. */
@Component
public final class ConfigCommands implements ShellCommands {

    /** @param set where the value comes from: the file, or {@code default} */
    public record Row(String file, String key, String value, String set, String meaning) {}

    private final ConfigFolder folder;

    @Activate
    public ConfigCommands(@Reference ConfigFolder folder) {
        this.folder = folder;
    }

    @Override
    public String scope() {
        return "config";
    }

    @Override
    public List<ShellCommand> commands() {
        return List.of(
                new ShellCommand(
                        "check",
                        "[DIR]",
                        "Says all that is wrong in config/, or in another folder, at once.",
                        this::check),
                new ShellCommand("show", "[PID]", "Shows settings, their values and their meaning.", this::show));
    }

    private Object check(CommandLine line) throws IOException {
        Path any = line.word(0).map(Path::of).orElse(folder.folder());
        if (!Files.isDirectory(any)) throw new IllegalArgumentException(any + " is not a folder");
        List<Checked> checked = folder.check(any);
        Stream<Fault> each = checked.stream().flatMap(c -> Stream.concat(c.faults().stream(), c.absent().stream()));
        List<String> faults = Stream.concat(each, folder.clashes(checked).stream())
                .map(Fault::toString)
                .sorted()
                .toList();
        if (!faults.isEmpty()) throw new IllegalArgumentException(String.join("\n", faults));
        return checked.size() + " files, nothing wrong";
    }

    private Object show(CommandLine line) throws IOException {
        List<Row> rows = new ArrayList<>();
        Map<String, Schema> schemas = new TreeMap<>(folder.schemas());
        Map<String, ConfigFile> files = new TreeMap<>();
        folder.check(folder.folder()).forEach(c -> files.put(c.file().name(), c.file()));
        String wanted = line.word(0).orElse("");
        for (Schema schema : schemas.values()) {
            if (!schema.pid().contains(wanted)) continue;
            List<ConfigFile> own = files.values().stream()
                    .filter(f -> f.pid().equals(schema.pid()))
                    .toList();
            if (own.isEmpty() && !schema.factory()) rows(schema, ConfigFile.none(schema.pid()), rows);
            own.forEach(f -> rows(schema, f, rows));
        }
        if (schemas.keySet().stream().noneMatch(pid -> pid.contains(wanted)))
            throw new IllegalArgumentException(
                    "no PID has " + wanted + " in it; there are " + String.join(", ", schemas.keySet()));
        return rows;
    }

    private static void rows(Schema schema, ConfigFile file, List<Row> rows) {
        for (Setting s : schema.settings().values()) {
            String set = file.values().get(s.key());
            String value = set == null ? s.standard().orElse("") : set;
            rows.add(new Row(file.name(), s.key(), value, set == null ? "default" : "file", s.description()));
        }
    }
}
