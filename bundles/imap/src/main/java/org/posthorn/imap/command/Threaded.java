package org.posthorn.imap.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.mime.Casemap;
import org.posthorn.mime.MessageIds;
import org.posthorn.mime.PlainSubject;

/**
 * What threading has to know of a message, RFC 5256 2 and 3.
 *
 * @param sent its sent date
 * @param subject its base subject; two that count as the same are the same here
 * @param answering whether its subject says that it is a reply or was forwarded
 * @param ids its own Message ID, or none
 * @param references those of its ancestors, the parent last
 */
record Threaded(
        Entry entry, Instant sent, String subject, boolean answering, List<String> ids, List<String> references) {

    /** Of more ancestors the nearest are enough to find the thread. */
    private static final int MOST_REFERENCES = 50;

    private static final int LONGEST_SUBJECT = 500;

    /** What all messages of one search have together: an ID is there once, however many refer to it. */
    static final class Words {
        private final Budget budget = new Budget();
        private final Map<String, String> known = new HashMap<>();

        private String of(String word) throws IOException {
            String before = known.putIfAbsent(word, word);
            if (before == null) budget.take(word.length());
            return before == null ? word : before;
        }

        private List<String> of(List<String> words) throws IOException {
            List<String> all = new ArrayList<>(words.size());
            for (String word : words) all.add(of(word));
            return all;
        }
    }

    static Threaded of(Candidate message, Words words) throws IOException {
        PlainSubject subject = message.subject();
        return new Threaded(
                message.entry(),
                message.sentTime(),
                words.of(new String(Casemap.octets(subject.text(), LONGEST_SUBJECT), StandardCharsets.UTF_8)),
                subject.answering(),
                words.of(ids(message, "Message-ID", 1)),
                words.of(references(message)));
    }

    /** In-Reply-To counts when References says nothing, and its first ID alone. */
    private static List<String> references(Candidate message) throws IOException {
        List<String> references = ids(message, "References", MOST_REFERENCES);
        if (!references.isEmpty()) return references;
        List<String> parents = ids(message, "In-Reply-To", Integer.MAX_VALUE);
        return parents.isEmpty() ? parents : parents.subList(0, 1);
    }

    private static List<String> ids(Candidate message, String field, int most) throws IOException {
        return MessageIds.last(message.field(field).orElse(""), most);
    }
}
