package org.posthorn.pop3;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What a client may say, and when: RFC 1939, RFC 2449 (CAPA), RFC 2595 (STLS), RFC 5034 (AUTH), RFC 6856 (UTF8, LANG). */
final class Commands {

    /** What a command does. */
    interface Action {
        void run(Session session, String argument);
    }

    record Command(boolean inAuthorization, boolean inTransaction, Action action) {}

    private static final Map<String, Command> TABLE = new HashMap<>();

    static {
        authorization("USER", (s, a) -> s.authorization().user(a));
        authorization("PASS", (s, a) -> s.authorization().pass(a));
        authorization("AUTH", (s, a) -> s.authorization().auth(a));
        authorization("STLS", (s, a) -> s.authorization().startTls());
        authorization("UTF8", Session::enableUtf8);
        transaction("STAT", (s, a) -> s.transaction().stat());
        transaction("LIST", (s, a) -> s.transaction().list(a));
        transaction("UIDL", (s, a) -> s.transaction().uidl(a));
        transaction("RETR", (s, a) -> s.transaction().retrieve(a));
        transaction("TOP", (s, a) -> s.transaction().top(a));
        transaction("DELE", (s, a) -> s.transaction().delete(a));
        transaction("RSET", (s, a) -> s.transaction().reset());
        transaction("NOOP", (s, a) -> s.ok("Still here"));
        TABLE.put("CAPA", new Command(true, true, (s, a) -> Capabilities.send(s)));
        TABLE.put("LANG", new Command(true, true, Language::choose));
        TABLE.put("QUIT", new Command(true, true, Commands::quit));
    }

    private Commands() {}

    static Optional<Command> of(String word) {
        return Optional.ofNullable(TABLE.get(word.toUpperCase(Locale.ROOT)));
    }

    private static void authorization(String name, Action action) {
        TABLE.put(name, new Command(true, false, action));
    }

    private static void transaction(String name, Action action) {
        TABLE.put(name, new Command(false, true, action));
    }

    private static void quit(Session session, String argument) {
        if (session.transaction() == null) session.bye();
        else session.transaction().update();
    }
}
