package org.posthorn.sasl;

import java.util.Base64;

/** Numbers and octets in kept passwords, which may come from a file that somebody else wrote. */
final class Bounds {

    private Bounds() {}

    /** @throws IllegalArgumentException when it is no number between the two */
    static int number(String what, String digits, int least, int most) {
        try {
            int number = Integer.parseInt(digits);
            if (number >= least && number <= most) return number;
        } catch (NumberFormatException notANumber) {
            throw new IllegalArgumentException(what + " is not a number", notANumber);
        }
        throw new IllegalArgumentException(what + " is not between " + least + " and " + most);
    }

    static byte[] base64(String what, String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(what + " is not base64", e);
        }
    }

    static void require(boolean sound, String otherwise) {
        if (!sound) throw new IllegalArgumentException(otherwise);
    }
}
