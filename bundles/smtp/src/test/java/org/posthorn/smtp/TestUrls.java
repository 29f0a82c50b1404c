package org.posthorn.smtp;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.MessageUrls;
import org.posthorn.api.net.Sink;

/** Knows what some URLs stand for; of those of alice that it does not know it says that they are not valid, of others that they are not its own. */
final class TestUrls implements MessageUrls {

    private static final String ALICES = "imap://alice@example.test/";

    /** That of the examples of RFC 4468 3.4. */
    static final String URL = ALICES + "outbox;uidvalidity=1078863300/;uid=25;urlauth=submit+alice"
            + ":internal:91354a473744909de610943775f92038";

    final Map<String, String> contents = new HashMap<>(Map.of(URL, "Subject: outbox\r\n\r\ntext\r\n"));
    final List<String> asked = new ArrayList<>();
    Result refusal = Result.DENIED;
    boolean broken;
    CompletableFuture<Void> ready = CompletableFuture.completedFuture(null);

    @Override
    public CompletionStage<Void> ready() {
        return ready;
    }

    @Override
    public Result submit(String url, Address user, long most, Sink to) throws IOException {
        asked.add(user + " " + url);
        if (!url.startsWith(ALICES)) return Result.FOREIGN;
        if (!contents.containsKey(url)) return refusal;
        byte[] octets = contents.get(url).getBytes(StandardCharsets.ISO_8859_1);
        if (octets.length > most) return Result.TOO_LARGE;
        to.write(ByteBuffer.wrap(octets, 0, broken ? octets.length / 2 : octets.length));
        if (broken) throw new IOException("the disk is gone");
        return Result.WRITTEN;
    }
}
