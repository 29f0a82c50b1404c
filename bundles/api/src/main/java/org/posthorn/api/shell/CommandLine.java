package org.posthorn.api.shell;

import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What was typed behind a command.
 *
 * @param words those that are not options, in order
 * @param options {@code --name value} or {@code --name=value}, without the dashes; the value is empty for an option that stands alone. The
 *     usage text tells which take a value
 * @param progress takes lines to show while the command runs
 * @param terminal whether somebody looks on
 * @param in standard input; ends at once when nothing was handed on. Not to be closed
 */
public record CommandLine(
        List<String> words, Map<String, String> options, Consumer<String> progress, boolean terminal, InputStream in) {
    public CommandLine {
        words = List.copyOf(words);
        options = Map.copyOf(options);
    }

    /** One that nobody looks on at, without input. */
    public CommandLine(List<String> words, Map<String, String> options, Consumer<String> progress) {
        this(words, options, progress, false, InputStream.nullInputStream());
    }

    /** The word at that place. @throws IllegalArgumentException naming what is missing */
    public String word(int place, String what) {
        if (place >= words.size()) throw new IllegalArgumentException(what + " is missing");
        return words.get(place);
    }

    /** The word at that place, if there is one. */
    public Optional<String> word(int place) {
        return place < words.size() ? Optional.of(words.get(place)) : Optional.empty();
    }

    public Optional<String> option(String name) {
        return Optional.ofNullable(options.get(name));
    }

    public boolean has(String option) {
        return options.containsKey(option);
    }
}
