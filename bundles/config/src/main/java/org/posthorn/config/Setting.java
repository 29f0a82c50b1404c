package org.posthorn.config;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One setting as a bundle declares it: an AD of its metatype (OSGi Compendium 105.8).
 *
 * @param type the metatype's word: String, Integer, Long, Boolean, Double …
 * @param many whether it is a list, comma-separated in the file
 * @param min empty where nothing is declared
 * @param options the values allowed, where only some are
 */
record Setting(
        String key,
        String type,
        boolean many,
        Optional<String> min,
        Optional<String> max,
        List<String> options,
        Optional<String> standard,
        String description) {

    /** What may stand in the file, in words. */
    String allowed() {
        if (!options.isEmpty()) return (many ? "any of " : "one of ") + String.join(", ", options);
        String one =
                switch (type) {
                    case "Boolean" -> "true or false";
                    case "Integer", "Long", "Short", "Byte" -> "a whole number" + range();
                    case "Double", "Float" -> "a number" + range();
                    default -> description.isEmpty() ? "text" : description;
                };
        return many && !one.equals(description) ? "a comma-separated list, each " + one : one;
    }

    private String range() {
        if (min.isPresent() && max.isPresent()) return " from " + min.get() + " to " + max.get();
        return min.map(m -> " of at least " + m).orElse("")
                + max.map(m -> " of at most " + m).orElse("");
    }

    /** Whether the text may stand in the file. */
    boolean accepts(String raw) {
        return many ? split(raw).stream().allMatch(this::acceptsOne) : acceptsOne(raw);
    }

    private boolean acceptsOne(String raw) {
        if (!options.isEmpty() && !options.contains(raw)) return false;
        try {
            Object value = one(raw);
            return !(value instanceof Number n) || within(n);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private boolean within(Number n) {
        return min.map(m -> n.doubleValue() >= Double.parseDouble(m)).orElse(true)
                && max.map(m -> n.doubleValue() <= Double.parseDouble(m)).orElse(true);
    }

    /** The value in its declared type. @throws IllegalArgumentException when it has none */
    Object value(String raw) {
        if (!many) return one(raw);
        List<Object> values = split(raw).stream().map(this::one).toList();
        return type.equals("String") ? values.toArray(String[]::new) : values.toArray();
    }

    private static List<String> split(String raw) {
        return Arrays.stream(raw.split(","))
                .map(String::strip)
                .filter(s -> !s.isEmpty())
                .collect(Collectors.toList());
    }

    private Object one(String raw) {
        return switch (type) {
            case "Boolean" -> bool(raw);
            case "Integer", "Short", "Byte" -> Integer.valueOf(raw);
            case "Long" -> Long.valueOf(raw);
            case "Double", "Float" -> Double.valueOf(raw);
            default -> raw;
        };
    }

    private static Boolean bool(String raw) {
        if (!raw.equals("true") && !raw.equals("false")) throw new IllegalArgumentException(raw);
        return Boolean.valueOf(raw);
    }
}
