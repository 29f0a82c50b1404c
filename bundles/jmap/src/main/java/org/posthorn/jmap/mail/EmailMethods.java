package org.posthorn.jmap.mail;

import java.time.Clock;
import java.util.Map;
import org.posthorn.jmap.Method;

/** All that is done with Emails, Threads and SearchSnippets, RFC 8621 3 to 5. */
final class EmailMethods {

    private EmailMethods() {}

    static Map<String, Method> all(Digests digests, Snoozes snoozes) {
        Clock clock = Clock.systemUTC();
        return Map.ofEntries(
                Map.entry("Email/get", new EmailGet(digests, snoozes)),
                Map.entry("Email/changes", new EmailChanges(digests)),
                Map.entry("Email/query", new EmailQuery(digests, snoozes)),
                Map.entry("Email/queryChanges", new EmailQueryChanges(digests, snoozes)),
                Map.entry("Email/set", new EmailSet(digests, clock, snoozes)),
                Map.entry("Email/copy", new EmailCopy(digests, clock)),
                Map.entry("Email/import", new EmailImport(digests, clock)),
                Map.entry("Email/parse", new EmailParse()),
                Map.entry("SearchSnippet/get", new SearchSnippetGet(digests)),
                Map.entry("Thread/get", new ThreadGet(digests)),
                Map.entry("Thread/changes", new ThreadChanges(digests)));
    }
}
