package org.posthorn.smtp;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.posthorn.api.mail.Address;

/**
 * What follows MAIL and RCPT, RFC 5321 4.1.2: {@code FROM:<path> parameters}.
 *
 * @param path what stands between the brackets, without a source route, in characters
 */
record PathArgument(String path, List<Parameter> parameters) {

    /** RFC 5321 4.5.3.1.3, less the brackets. */
    private static final int LONGEST_PATH = 254;

    /** @param value empty when none was given */
    record Parameter(String keyword, String value) {}

    /** Empty when the syntax is wrong. */
    static Optional<PathArgument> parse(String argument, String keyword) {
        if (!argument.regionMatches(true, 0, keyword, 0, keyword.length())) return Optional.empty();
        int start = keyword.length();
        // A space there is wrong, and so common that all servers take it.
        while (start < argument.length() && argument.charAt(start) == ' ') start++;
        if (start == argument.length() || argument.charAt(start) != '<') return Optional.empty();
        int end = unquoted(argument, '>', start);
        if (end < 0 || end + 1 < argument.length() && argument.charAt(end + 1) != ' ') return Optional.empty();
        Optional<String> path = utf8(withoutRoute(argument.substring(start + 1, end)));
        Optional<List<Parameter>> parameters = parameters(argument, end + 1);
        return path.flatMap(text -> parameters.map(list -> new PathArgument(text, list)));
    }

    boolean tooLong() {
        return path.getBytes(StandardCharsets.UTF_8).length > LONGEST_PATH;
    }

    Optional<Address> address() {
        return Address.parse(path);
    }

    /** RFC 5321 4.1.1.3: a source route is to be accepted and ignored. */
    private static String withoutRoute(String path) {
        return path.startsWith("@") ? path.substring(path.indexOf(':') + 1) : path;
    }

    private static int unquoted(String text, char wanted, int from) {
        boolean quoted = false;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted && c == '\\') i++;
            else if (c == '"') quoted = !quoted;
            else if (c == wanted && !quoted) return i;
        }
        return -1;
    }

    /** RFC 6531 3.3: octets above ASCII are UTF-8. */
    private static Optional<String> utf8(String octets) {
        if (all(octets, c -> c < 128)) return Optional.of(octets);
        try {
            ByteBuffer bytes = ByteBuffer.wrap(octets.getBytes(StandardCharsets.ISO_8859_1));
            return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(bytes).toString());
        } catch (CharacterCodingException notUtf8) {
            return Optional.empty();
        }
    }

    private static Optional<List<Parameter>> parameters(String text, int from) {
        if (from >= text.length()) return Optional.of(List.of());
        List<Parameter> parameters = new ArrayList<>();
        for (String word : text.substring(from).split(" ")) {
            if (word.isEmpty()) continue;
            Optional<Parameter> parameter = parameter(word);
            if (parameter.isEmpty()) return Optional.empty();
            parameters.add(parameter.get());
        }
        return Optional.of(parameters);
    }

    private static Optional<Parameter> parameter(String word) {
        int equals = word.indexOf('=');
        String keyword = equals < 0 ? word : word.substring(0, equals);
        String value = equals < 0 ? "" : word.substring(equals + 1);
        boolean sound = !keyword.isEmpty()
                && keyword.charAt(0) != '-'
                && all(keyword, PathArgument::keywordCharacter)
                && !(equals >= 0 && value.isEmpty())
                // An equals sign is not in esmtp-value; AUTH=<a=b> and others send it all the same.
                && all(value, c -> c > ' ' && c != 127);
        return sound ? Optional.of(new Parameter(keyword.toUpperCase(Locale.ROOT), value)) : Optional.empty();
    }

    private static boolean all(String text, IntPredicate allowed) {
        for (int i = 0; i < text.length(); i++) if (!allowed.test(text.charAt(i))) return false;
        return true;
    }

    private static boolean keywordCharacter(int c) {
        return c == '-' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z';
    }
}
