package org.posthorn.sasl;

import java.text.Normalizer;
import java.util.Optional;

/**
 * The form in which names and passwords are compared, SASLprep (RFC 4013). The check of bidirectional text (RFC 3454 6) is left out: it
 * forbids some strings, and makes no two equal.
 */
public final class SaslPrep {

    private SaslPrep() {}

    /** The prepared string; empty when it holds what is prohibited. */
    public static Optional<String> prepare(String text) {
        if (text.chars().allMatch(c -> c >= ' ' && c < 127)) return Optional.of(text);
        StringBuilder mapped = new StringBuilder();
        text.codePoints()
                .filter(c -> !mappedToNothing(c))
                .map(c -> space(c) ? ' ' : c)
                .forEach(mapped::appendCodePoint);
        String normal = Normalizer.normalize(mapped, Normalizer.Form.NFKC);
        return normal.codePoints().anyMatch(SaslPrep::prohibited) ? Optional.empty() : Optional.of(normal);
    }

    /** RFC 3454 B.1. */
    private static boolean mappedToNothing(int c) {
        return switch (c) {
            case 0xAD, 0x34F, 0x1806, 0x180B, 0x180C, 0x180D, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF -> true;
            default -> c >= 0xFE00 && c <= 0xFE0F;
        };
    }

    /** RFC 3454 C.1.2. */
    private static boolean space(int c) {
        return c > 127 && Character.getType(c) == Character.SPACE_SEPARATOR;
    }

    /** RFC 3454 C.2 to C.9, by what kind of character it is. */
    private static boolean prohibited(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.PRIVATE_USE,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> c >= 0xFFF9 && c <= 0xFFFD || c >= 0x2FF0 && c <= 0x2FFB;
        };
    }
}
