package org.posthorn.imap.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.posthorn.api.mail.Message;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.SyntaxFault;
import org.posthorn.mime.StoredMessage;

/** A message put together from what the client sends and from messages that are here, RFC 4469. */
record Catenation(List<Piece> pieces) {

    /** One of its pieces: a message that came as a literal, with NULs perhaps, or a URL. */
    record Piece(Optional<Message> text, boolean literal8, String url) {

        private Message octets() throws IOException {
            return literal8 ? text.orElseThrow() : Appending.withoutNul(text.orElseThrow());
        }
    }

    /** Reads one: what comes is CATENATE and what belongs to it. */
    static Catenation parse(Arguments in) {
        in.keyword();
        in.space().expect('(');
        List<Piece> pieces = new ArrayList<>();
        do pieces.add(piece(in));
        while (in.passSpace());
        in.expect(')');
        return new Catenation(pieces);
    }

    private static Piece piece(Arguments in) {
        String kind = in.lookAhead();
        if (kind.equals("UTF8")) return new Piece(Optional.of(Appending.inUtf8(in)), true, "");
        in.keyword();
        in.space();
        return switch (kind) {
            case "TEXT" -> new Piece(Optional.of(text(in)), false, "");
            case "URL" -> new Piece(Optional.empty(), false, in.astring());
            default -> throw new SyntaxFault("Only TEXT and URL can be put together");
        };
    }

    private static Message text(Arguments in) {
        if (in.atLiteral8()) throw new SyntaxFault("A piece has no NUL");
        return in.message();
    }

    /** Passes over one that is not there as a whole. @return whether a literal that is a piece is what comes next */
    static boolean atText(Arguments soFar) {
        soFar.keyword();
        soFar.space().expect('(');
        do if (atPiece(soFar)) return true;
        while (soFar.passSpace());
        soFar.expect(')');
        return false;
    }

    private static boolean atPiece(Arguments soFar) {
        String kind = soFar.lookAhead();
        if (kind.equals("UTF8")) return Appending.atUtf8(soFar);
        soFar.keyword();
        soFar.space();
        if (kind.equals("TEXT")) return Appending.atOrBehind(soFar);
        soFar.astring();
        return false;
    }

    /** The message, which reads its pieces where they lie. @throws Appending.Refused for the first URL that leads to nothing */
    Message message(UrlPieces urls) throws IOException {
        List<Joined.Piece> all = new ArrayList<>();
        for (Piece p : pieces) all.add(p.text.isPresent() ? Joined.Piece.of(p.octets()) : urls.piece(p.url));
        Message whole = urls.fitting(StoredMessage.of(new Joined(all)));
        return pieces.stream().anyMatch(Piece::literal8)
                ? Appending.encoded(Appending.withUtf8Header(whole))
                : Appending.inLines(whole);
    }
}
