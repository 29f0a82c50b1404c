package org.posthorn.imap;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.posthorn.api.mail.Message;
import org.posthorn.imap.command.CommandTable;

/**
 * A command as it came.
 *
 * @param tag an asterisk when what came has none: the answer is then untagged
 * @param row what the table says of it; empty when there is no such command
 * @param uid whether it came with UID in front
 */
public record Request(String tag, Optional<CommandTable.Row> row, boolean uid, Arguments arguments) {

    /** Reads tag and name, RFC 3501 9 "command". @param staged the messages that are literals of the text, but do not stand there */
    static Request parse(String text, List<Message> staged, Session session) {
        Arguments in = new Arguments(text, staged, session);
        String tag = in.word();
        if (tag.isEmpty() || tag.equals("*") || tag.indexOf('+') >= 0 || !in.passSpace()) return unknown("*", in);
        String name = in.word().toUpperCase(Locale.ROOT);
        boolean uid = name.equals("UID");
        if (uid) {
            if (!in.passSpace()) return unknown(tag, in);
            name = in.word().toUpperCase(Locale.ROOT);
        }
        Optional<CommandTable.Row> row = CommandTable.find(name).filter(r -> !uid || r.uid());
        return new Request(tag, row, uid, in);
    }

    private static Request unknown(String tag, Arguments in) {
        return new Request(tag, Optional.empty(), false, in);
    }
}
