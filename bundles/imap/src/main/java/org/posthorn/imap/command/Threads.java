package org.posthorn.imap.command;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.imap.Answer;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.Command;
import org.posthorn.imap.Request;
import org.posthorn.imap.Session;
import org.posthorn.imap.SyntaxFault;
import org.posthorn.imap.Uids;

/** THREAD, RFC 5256 3. */
final class Threads implements Command {

    private static final Map<String, Function<List<Threaded>, Forest>> ALGORITHMS =
            Map.of("ORDEREDSUBJECT", OrderedSubject::of, "REFERENCES", References::of);

    @Override
    public Answer run(Session session, Request request) throws IOException {
        Arguments in = request.arguments().space();
        Function<List<Threaded>, Forest> algorithm = ALGORITHMS.get(in.keyword());
        if (algorithm == null) throw new SyntaxFault("There is no such way of threading");
        if (!Searching.readAndKnow(in)) return Searching.refuse(session, Optional.empty());
        Uids view = session.selection().uids();
        ToLongFunction<Entry> number = request.uid() ? Entry::uid : entry -> view.sequence(entry.uid());
        Threaded.Words words = new Threaded.Words();
        return Searching.begin(session, request, Optional.empty(), m -> Threaded.of(m, words), (found, program) -> {
            String threads = algorithm.apply(found).told(number);
            return "* THREAD" + (threads.isEmpty() ? "" : " " + threads) + "\r\n";
        });
    }
}
