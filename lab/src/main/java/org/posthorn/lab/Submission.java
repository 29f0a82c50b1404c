package org.posthorn.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Alice's mail program: hands a mail to her server, RFC 6409. */
final class Submission {

    private static final int PATIENCE_MILLIS = 300_000;
    private static final Pattern QUEUED = Pattern.compile("queued as (\\w+)");

    private Submission() {}

    /** @return the id under which the server keeps it */
    static String send(int port, String from, String password, String to, String message, Journey journey)
            throws IOException {
        try (LineClient client = new LineClient(port, PATIENCE_MILLIS, journey, Hop.MSA)) {
            expect(client, "220");
            client.say("EHLO laptop.one.test");
            expect(client, "250");
            String secret = "\0" + from + "\0" + password;
            client.saySecret(
                    "AUTH PLAIN " + Base64.getEncoder().encodeToString(secret.getBytes(StandardCharsets.UTF_8)),
                    "AUTH PLAIN (name and password in base64)");
            expect(client, "235");
            client.say("MAIL FROM:<" + from + ">");
            expect(client, "250");
            client.say("RCPT TO:<" + to + ">");
            expect(client, "250");
            client.say("DATA");
            expect(client, "354");
            client.say(message + "\r\n.");
            String last = expect(client, "250");
            client.say("QUIT");
            expect(client, "221");
            Matcher id = QUEUED.matcher(last);
            return id.find() ? id.group(1) : "";
        }
    }

    /** The last line of a reply, RFC 5321 4.2.1. */
    private static String expect(LineClient client, String code) throws IOException {
        String last = client.hear(line -> line.length() < 4 || line.charAt(3) != '-');
        if (!last.startsWith(code)) throw new IOException("the server of one.test said " + last);
        return last;
    }
}
