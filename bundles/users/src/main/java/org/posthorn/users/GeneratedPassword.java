package org.posthorn.users;

import java.util.random.RandomGenerator;

/** A password that can be read out and typed: four groups of four, about 79 bits. */
final class GeneratedPassword {

    /** Without those that look alike. */
    private static final String LETTERS = "abcdefghjkmnpqrstuvwxyz23456789";

    private GeneratedPassword() {}

    static String from(RandomGenerator random) {
        StringBuilder password = new StringBuilder();
        for (int i = 0; i < 16; i++) {
            if (i > 0 && i % 4 == 0) password.append('-');
            password.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return password.toString();
    }
}
