package org.posthorn.launcher;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The command line. Options stand anywhere, so the command of {@code exec} is one quoted word.
 *
 * @param flags   options without a value, such as {@code --json}, and those with one that stand on the command line itself
 * @param values  options with a value, from the command line or else from the environment
 * @param command what {@code exec} runs
 */
record Options(Verb verb, Set<String> flags, Map<String, String> values, String command) {

    enum Verb {
        HELP,
        RUN,
        START,
        STOP,
        STATUS,
        SHELL,
        EXEC,
        LAB
    }

    private static final Set<String> FLAGS = Set.of("--shell", "--json", "--stdin", "--plain", "--step");
    private static final Map<String, String> VARIABLES = Map.of(
            "--data", "POSTHORN_DATA",
            "--config", "POSTHORN_CONFIG",
            "--port-offset", "POSTHORN_PORT_OFFSET",
            "--answer", "POSTHORN_ANSWER");

    static Options parse(List<String> args, Map<String, String> environment) throws Failure {
        Map<String, String> values = new HashMap<>();
        VARIABLES.forEach((option, variable) -> Optional.ofNullable(environment.get(variable))
                .filter(value -> !value.isEmpty())
                .ifPresent(value -> values.put(option, value)));
        Set<String> flags = new HashSet<>();
        List<String> words = new ArrayList<>();
        Deque<String> rest = new ArrayDeque<>(args);
        while (!rest.isEmpty()) {
            String word = rest.remove();
            if (word.equals("--help") || word.equals("-h")) {
                return new Options(Verb.HELP, Set.of(), Map.of(), "");
            } else if (FLAGS.contains(word)) {
                flags.add(word);
            } else if (VARIABLES.containsKey(word)) {
                values.put(word, value(word, rest));
                flags.add(word);
            } else if (word.startsWith("--")) {
                throw usage("there is no option " + word + "; the command of exec is one quoted word");
            } else {
                words.add(word);
            }
        }
        return new Options(verb(words), Set.copyOf(flags), Map.copyOf(values), command(words));
    }

    boolean has(String flag) {
        return flags.contains(flag);
    }

    Optional<String> value(String option) {
        return Optional.ofNullable(values.get(option));
    }

    int portOffset() throws Failure {
        String text = values.getOrDefault("--port-offset", "0");
        if (!text.matches("\\d{1,5}") || Integer.parseInt(text) > 60_000) {
            throw usage("the port offset is a number from 0 to 60000, not '" + text + "'");
        }
        return Integer.parseInt(text);
    }

    private static Verb verb(List<String> words) throws Failure {
        String word = words.isEmpty() ? "help" : words.get(0);
        for (Verb verb : Verb.values()) {
            if (verb.name().toLowerCase(Locale.ROOT).equals(word)) {
                return verb;
            }
        }
        throw usage("there is no command '" + word + "'");
    }

    private static String command(List<String> words) throws Failure {
        boolean exec = !words.isEmpty() && words.get(0).equals("exec");
        if (exec && words.size() == 1) {
            throw usage("exec needs a command, such as exec 'user:list'");
        }
        if (!exec && words.size() > 1) {
            throw usage("'" + words.get(1) + "' is one word too many");
        }
        return exec ? String.join(" ", words.subList(1, words.size())) : "";
    }

    private static String value(String option, Deque<String> rest) throws Failure {
        if (rest.isEmpty() || rest.peek().isEmpty()) {
            throw usage(option + " needs a value");
        }
        return rest.remove();
    }

    private static Failure usage(String line) {
        return new Failure(ExitCode.USAGE, line + " (posthorn --help)");
    }
}
