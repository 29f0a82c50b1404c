package org.posthorn.imap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.posthorn.api.mail.Message;
import org.posthorn.api.net.Sink;
import org.posthorn.mime.Stash;
import org.posthorn.mime.StoredMessage;

/** Where the messages of a command lie between the wire and their mailbox. */
final class Stage implements Sink, AutoCloseable {

    private final List<Long> starts = new ArrayList<>();
    private final Stash stash;

    Stage(Path folder) {
        stash = new Stash(folder, "imap-");
    }

    /** What comes now is another message. */
    void next() {
        starts.add(size());
    }

    int messages() {
        return starts.size();
    }

    /** All of them together, in octets. */
    long size() {
        return stash.size();
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
        stash.write(bytes);
    }

    /** What has been written; not to be used beyond {@link #close}. */
    List<Message> written() {
        List<Message> all = new ArrayList<>(starts.size());
        for (int i = 0; i < starts.size(); i++) {
            long to = i + 1 < starts.size() ? starts.get(i + 1) : size();
            all.add(StoredMessage.of(stash.octets(starts.get(i), to)));
        }
        return all;
    }

    @Override
    public void close() throws IOException {
        stash.close();
    }
}
