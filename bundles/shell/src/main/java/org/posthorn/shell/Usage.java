package org.posthorn.shell;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.posthorn.api.shell.CommandLine;

/**
 * What a usage text says of a command's words and options.
 *
 * @param alone options that stand alone, without dashes
 * @param valued options that take a value
 * @param files those of them whose value is a path
 * @param places where among the words that are no options a path stands
 * @param most how many of those there may be
 */
record Usage(Set<String> alone, Set<String> valued, Set<String> files, Set<Integer> places, int most) {

    private static final Pattern OPTION = Pattern.compile("--([a-z][a-z-]*)([ =][A-Z]+)?(,\\.\\.\\.)?");
    private static final Set<String> PATHS = Set.of("FILE", "DIR");

    static Usage of(String text) {
        Set<String> alone = new HashSet<>(Set.of("json", "help"));
        Set<String> valued = new HashSet<>();
        Set<String> files = new HashSet<>();
        Matcher options = OPTION.matcher(text);
        while (options.find()) {
            String value = options.group(2);
            (value == null ? alone : valued).add(options.group(1));
            if (value != null && PATHS.contains(value.substring(1))) files.add(options.group(1));
        }
        String words = OPTION.matcher(text).replaceAll("").replaceAll("[\\[\\]]", " ");
        List<String> all = words.isBlank() ? List.of() : List.of(words.strip().split("\\s+"));
        boolean many = all.stream().anyMatch(word -> word.endsWith("..."));
        return new Usage(alone, valued, files, places(all), many ? Integer.MAX_VALUE : all.size());
    }

    private static Set<Integer> places(List<String> all) {
        Set<Integer> places = new HashSet<>();
        for (int i = 0; i < all.size(); i++) if (PATHS.contains(all.get(i))) places.add(i);
        return places;
    }

    /** Relative paths are meant from where the client stands, not from where the server was started. */
    CommandLine from(Path folder, CommandLine line) {
        List<String> words = new ArrayList<>(line.words());
        for (int place : places)
            if (place < words.size())
                words.set(place, folder.resolve(words.get(place)).toString());
        Map<String, String> options = new HashMap<>(line.options());
        options.replaceAll(
                (name, value) -> files.contains(name) ? folder.resolve(value).toString() : value);
        return new CommandLine(words, options, line.progress(), line.terminal(), line.in());
    }

    /**
     * Sorts words into options and the rest; behind {@code --} all is rest.
     *
     * @throws IllegalArgumentException for an option there is none of or that is there twice, and for a word too many: it was meant for something, and
     *     be it the second word of a password
     */
    CommandLine read(List<String> words, Consumer<String> progress) {
        List<String> rest = new ArrayList<>();
        Map<String, String> options = new HashMap<>();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (word.equals("--")) {
                rest.addAll(words.subList(i + 1, words.size()));
                break;
            }
            if (!word.startsWith("--")) rest.add(word);
            else if (option(word, i + 1 < words.size() ? words.get(i + 1) : null, options)) i++;
        }
        if (rest.size() > most && !options.containsKey("help"))
            throw new IllegalArgumentException((most == 0 ? "no word" : most == 1 ? "one word" : most + " words")
                    + " can stand here, and not " + rest.size() + "; what belongs together needs quotation marks");
        return new CommandLine(rest, options, progress);
    }

    /** @return whether the next word was the option's value */
    private boolean option(String word, String next, Map<String, String> options) {
        int equals = word.indexOf('=');
        String name = word.substring(2, equals < 0 ? word.length() : equals);
        if (options.containsKey(name)) throw new IllegalArgumentException("the option --" + name + " is there twice");
        if (alone.contains(name) && equals < 0) {
            options.put(name, "");
            return false;
        }
        if (!valued.contains(name)) throw new IllegalArgumentException("there is no option " + word);
        if (equals < 0 && next == null) throw new IllegalArgumentException("the option --" + name + " needs a value");
        options.put(name, equals < 0 ? next : word.substring(equals + 1));
        return equals < 0;
    }
}
