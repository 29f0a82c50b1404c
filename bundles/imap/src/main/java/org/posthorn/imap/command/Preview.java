package org.posthorn.imap.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.Text;

/** {@code PREVIEW}, RFC 8970: how a message begins, in one line. */
enum Preview implements FetchItem {
    NOW {
        @Override
        Optional<String> of(FetchedMessage out) throws IOException {
            return Optional.of(out.preview());
        }
    },
    /** Only if it is known, or soon told: 4.1. */
    LAZY {
        @Override
        Optional<String> of(FetchedMessage out) throws IOException {
            return out.previewAtHand();
        }
    };

    abstract Optional<String> of(FetchedMessage out) throws IOException;

    /** Reads what may follow {@code PREVIEW}. In parentheses there may stand what belongs to FETCH as well. */
    static Preview parse(Arguments in) {
        if (!in.passText(" (LAZY")) return NOW;
        while (in.passText(" LAZY")) continue;
        in.expect(')');
        return LAZY;
    }

    @Override
    public boolean needsMessage() {
        return true;
    }

    @Override
    public void write(FetchedMessage out) throws IOException {
        out.text().append("PREVIEW ");
        Optional<String> text = of(out);
        if (text.isEmpty()) out.text().append("NIL");
        else
            Text.string(
                    out.text(), new String(text.get().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
    }
}
