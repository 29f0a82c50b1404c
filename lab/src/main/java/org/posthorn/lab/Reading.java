package org.posthorn.lab;

import java.io.Closeable;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Bob's mail program: waits for mail and reads it, RFC 9051. */
final class Reading implements Closeable {

    private static final int PATIENCE_MILLIS = 3_600_000;
    private static final Pattern UID = Pattern.compile("^\\* \\d+ FETCH .*UID (\\d+)");

    private final LineClient client;

    /** Logs in and waits in INBOX. */
    Reading(int port, String user, String password, Journey journey) throws IOException {
        client = new LineClient(port, PATIENCE_MILLIS, journey, Hop.IMAP);
        client.hear(line -> line.startsWith("* OK"));
        client.saySecret("a1 LOGIN " + user + " " + password, "a1 LOGIN " + user + " (password)");
        done("a1");
        client.say("a2 SELECT INBOX");
        done("a2");
        client.say("a3 IDLE");
        client.hear(line -> line.startsWith("+"));
    }

    /** Returns when the server has told of a mail. */
    void await() throws IOException {
        client.hear(line -> line.matches("\\* [1-9]\\d* EXISTS"));
    }

    /** @return the UID of the mail */
    long read() throws IOException {
        client.say("DONE");
        done("a3");
        client.say("a4 FETCH * (UID FLAGS INTERNALDATE BODY[])");
        Matcher uid = UID.matcher(client.hear(line -> UID.matcher(line).find()));
        done("a4");
        client.say("a5 LOGOUT");
        done("a5");
        return uid.find() ? Long.parseLong(uid.group(1)) : 0;
    }

    private void done(String tag) throws IOException {
        String last = client.hear(line -> line.startsWith(tag + " "));
        if (!last.startsWith(tag + " OK")) throw new IOException("the server of two.test said " + last);
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
