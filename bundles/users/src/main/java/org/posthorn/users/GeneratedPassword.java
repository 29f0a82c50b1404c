package org.posthorn.users;

import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/** Passwords that can be read out and typed: groups of four. */
final class GeneratedPassword {

    /** Without those that look alike. */
    private static final String LETTERS = "abcdefghjkmnpqrstuvwxyz23456789";

    private static final int GROUP = 4;
    private static final int GROUPS_OF_APP_PASSWORD = 5;
    private static final int ID_LENGTH = 12;

    private static final Pattern APP_PASSWORD =
            Pattern.compile("[" + LETTERS + "]{" + GROUP * GROUPS_OF_APP_PASSWORD + "}");
    /** So much of an app password may be typed with all its blanks. */
    private static final int LONGEST_TYPED = 64;

    private GeneratedPassword() {}

    /** Of about 79 bits. */
    static String from(RandomGenerator random) {
        return grouped(random, 4);
    }

    /** Of about 99 bits, so that a fast hash of it is enough; and longer than the others, so that one sees what it is. */
    static String forApp(RandomGenerator random) {
        return grouped(random, GROUPS_OF_APP_PASSWORD);
    }

    /** The letters of an app password, however they are grouped; empty when it cannot be one. */
    static Optional<String> lettersOfApp(String typed) {
        if (typed.length() > LONGEST_TYPED) return Optional.empty();
        String letters = typed.replaceAll("[- ]", "").toLowerCase(Locale.ROOT);
        return Optional.of(letters).filter(l -> APP_PASSWORD.matcher(l).matches());
    }

    /** A name among many; of about 59 bits. */
    static String id(RandomGenerator random) {
        return letters(random, ID_LENGTH);
    }

    private static String grouped(RandomGenerator random, int groups) {
        StringBuilder password = new StringBuilder(letters(random, GROUP));
        for (int i = 1; i < groups; i++) password.append('-').append(letters(random, GROUP));
        return password.toString();
    }

    private static String letters(RandomGenerator random, int count) {
        StringBuilder letters = new StringBuilder();
        for (int i = 0; i < count; i++) letters.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        return letters.toString();
    }
}
