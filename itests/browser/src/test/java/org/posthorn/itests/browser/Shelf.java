package org.posthorn.itests.browser;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** A Maildir that is filled before its user is made; the mail in it is there when he logs in. */
final class Shelf {

    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, d MMM uuuu HH:mm:ss xx", Locale.ENGLISH);

    private final Path maildir;
    private int count;

    Shelf(Path maildir) {
        this.maildir = maildir;
    }

    /** Puts a message in, newer than those before it. @param header fields beside From, To, Date and Message-ID, each with a line end */
    void put(String from, String header, String body, boolean seen) throws IOException {
        put("", from, header, body, seen);
    }

    /** @param folder of the Maildir, with its dot; empty for the INBOX */
    void put(String folder, String from, String header, String body, boolean seen) throws IOException {
        put(folder, from, header, body, seen ? "S" : "");
    }

    /** @param flags of a Maildir's file name, in order of the alphabet */
    void put(String folder, String from, String header, String body, String flags) throws IOException {
        Path cur = Files.createDirectories(maildir.resolve(folder).resolve("cur"));
        Files.createDirectories(maildir.resolve(folder).resolve("new"));
        Files.createDirectories(maildir.resolve(folder).resolve("tmp"));
        Instant time = Instant.parse("2026-11-01T08:00:00Z").plusSeconds(60L * ++count);
        String message = "From: " + from + "\nTo: reader@one.test\nDate: "
                + DATE.format(time.atOffset(ZoneOffset.UTC)) + "\nMessage-ID: <m" + count
                + "@made.test>\nMIME-Version: 1.0\n"
                + header + "\n" + body;
        Path file = cur.resolve(time.getEpochSecond() + ".M" + count + ".made" + ":2," + flags);
        Files.write(file, message.getBytes(StandardCharsets.UTF_8));
        Files.setLastModifiedTime(file, java.nio.file.attribute.FileTime.from(time));
    }
}
