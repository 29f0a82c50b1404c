package org.posthorn.mailbox.maildir;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The last UIDVALIDITY of an account where Dovecot keeps it, which gives a new mailbox the next one: in the name of an empty file, {@code
 * dovecot-uidvalidity.<eight hexadecimal digits>}.
 */
final class ValidityCounter {

    private static final String NAME = "dovecot-uidvalidity";

    private ValidityCounter() {}

    /** Has it count on from there, unless it is further. @param mailbox where its messages lie */
    static void atLeast(Path mailbox, long uidValidity) throws IOException {
        boolean folder = mailbox.getFileName().toString().startsWith(".");
        Path root = folder ? mailbox.getParent() : mailbox;
        List<Path> before = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(root, NAME + "*")) {
            for (Path each : all) {
                if (value(each) >= uidValidity) return;
                before.add(each);
            }
        }
        try {
            Files.createFile(root.resolve(NAME + "." + String.format("%08x", uidValidity)));
        } catch (FileAlreadyExistsException another) {
            // Another mailbox of the account was first.
            return;
        }
        for (Path each : before) Files.deleteIfExists(each);
    }

    private static long value(Path file) {
        try {
            return Long.parseLong(file.getFileName().toString().substring(NAME.length() + 1), 16);
        } catch (NumberFormatException | IndexOutOfBoundsException none) {
            // The file beside it, which says the same within.
            return 0;
        }
    }
}
