package org.posthorn.imap.command;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.lease.Leased;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.MailboxStore;
import org.posthorn.api.mailbox.MessageUrls;
import org.posthorn.api.net.Sink;
import org.posthorn.imap.MessageCache;

/** What users hand in by URL, RFC 4468: it goes from the shelf into the mail, and over no network. */
public record SubmittedUrls(Leased<MailboxStore> stores, MessageCache cache) implements MessageUrls {

    private static final int CHUNK = 1 << 16;

    @Override
    public CompletionStage<Void> ready() {
        return stores.present(List.of());
    }

    @Override
    public Result submit(String url, Address user, long most, Sink to) throws IOException {
        try (Lease<MailboxStore> store = stores.lease().orElse(null)) {
            return store == null ? Result.AWAY : submit(store.get(), AuthorizedUrl.parse(url, user), user, most, to);
        }
    }

    private Result submit(MailboxStore store, Optional<AuthorizedUrl> url, Address user, long most, Sink to)
            throws IOException {
        if (url.isEmpty()) return Result.FOREIGN;
        if (!url.get().access().admitsSubmission(user) || !url.get().isValid(store, Instant.now()))
            return Result.DENIED;
        Optional<Joined.Piece> content = url.get().content(store, cache).filter(piece -> piece.count() > 0);
        if (content.isEmpty()) return Result.MISSING;
        if (content.get().count() > most) return Result.TOO_LARGE;
        copy(new Joined(List.of(content.get())), to);
        return Result.WRITTEN;
    }

    private static void copy(Joined content, Sink to) throws IOException {
        byte[] chunk = new byte[CHUNK];
        try (InputStream in = content.open()) {
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) to.write(ByteBuffer.wrap(chunk, 0, n));
        }
    }
}
