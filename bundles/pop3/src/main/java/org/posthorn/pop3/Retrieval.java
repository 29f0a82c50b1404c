package org.posthorn.pop3;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.posthorn.api.mail.Message;
import org.posthorn.api.net.Output;
import org.posthorn.api.net.Producer;

/** A message on its way to the client, a piece at a time. A piece in which nothing is to be stuffed goes out as it lies in the store. */
final class Retrieval implements Producer {

    private static final int PIECE = 64 << 10;
    /** Below this, another read of the store costs more than the copy that it saves. */
    private static final int WORTH_A_READ = 16 << 10;

    private final Output out;
    private final Message message;
    private final InputStream in;
    private final DotStuffing lines;
    private final Runnable whenDone;
    private final byte[] piece;
    private long position;

    /**
     * @param bodyLines how many lines behind the header are wanted
     * @param whenDone run at the end, whatever kind of end it is
     */
    Retrieval(Output out, Message message, long bodyLines, Runnable whenDone) throws IOException {
        this.out = out;
        this.message = message;
        this.whenDone = whenDone;
        lines = new DotStuffing(bodyLines);
        piece = new byte[(int) Math.min(PIECE, message.size())];
        in = message.open();
    }

    @Override
    public boolean more() {
        try {
            int n = in.readNBytes(piece, 0, piece.length);
            int wanted = lines.take(piece, n);
            send(wanted);
            position += wanted;
            if (n == piece.length && position < message.size() && !lines.done()) return true;
            out.send(lines.end());
            end();
            return false;
        } catch (IOException e) {
            end();
            // The client has had half a message and waits for the rest: only the end of the connection tells it the
            // truth.
            throw new UncheckedIOException(e);
        }
    }

    private void send(int wanted) {
        if (wanted == 0) return;
        if (lines.dots() == 0 && wanted >= WORTH_A_READ) out.send(message, position, wanted);
        else if (lines.dots() == 0) out.send(new String(piece, 0, wanted, StandardCharsets.ISO_8859_1));
        else out.send(new String(lines.stuffed(piece, wanted), StandardCharsets.ISO_8859_1));
    }

    /** Gives back the file. Twice is once. */
    void end() {
        try {
            in.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            whenDone.run();
        }
    }
}
