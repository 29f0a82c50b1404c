package org.posthorn.sasl;

import java.security.SecureRandom;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;

/** bcrypt as OpenBSD writes it: {@code $2y$10$} and 53 characters. */
final class Bcrypt {

    private static final int COST = 11;

    private Bcrypt() {}

    static Kept read(String text) {
        Bounds.require(text.length() == 60, "not in the form $2y$cost$ and 53 characters");
        String version = text.substring(0, 4);
        Bounds.require(
                version.equals("$2a$") || version.equals("$2b$") || version.equals("$2y$"),
                "not a bcrypt of 2a, 2b or 2y");
        // Each step doubles the time; 14 is about a second.
        Bounds.number("the cost", text.substring(4, 6), 4, 14);
        Bounds.require(
                text.charAt(6) == '$' && text.chars().skip(7).allMatch(Bcrypt::digit), "not in bcrypt's base 64");
        return password -> OpenBSDBCrypt.checkPassword(text, password);
    }

    static String make(byte[] password, SecureRandom random) {
        return OpenBSDBCrypt.generate("2y", password, Passwords.salt(random), COST);
    }

    private static boolean digit(int c) {
        return c == '.' || c == '/' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z';
    }
}
