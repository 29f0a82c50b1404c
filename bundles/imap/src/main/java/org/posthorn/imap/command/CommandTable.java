package org.posthorn.imap.command;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.posthorn.imap.Command;
import org.posthorn.imap.Idling;

/** All commands: when they may come, and what may be told when they are done. */
public final class CommandTable {

    /** The state a command needs, RFC 3501 3. */
    public enum When {
        ANY(""),
        NOT_LOGGED_IN("you have logged in already"),
        LOGGED_IN("log in first"),
        SELECTED("select a mailbox first");

        private final String condition;

        When(String condition) {
            this.condition = condition;
        }

        /** What is wrong when it may not come. */
        public String condition() {
            return condition;
        }
    }

    /** What of the selected mailbox's news is told before the tagged answer, RFC 3501 7.4.1. */
    public enum After {
        NOTHING,
        /** No EXPUNGE: the command speaks of sequence numbers. */
        NEWS_BUT_EXPUNGES,
        NEWS
    }

    /**
     * One command.
     *
     * @param uid whether it may come with UID in front
     */
    public record Row(String name, When when, After after, boolean uid, Command command) {

        /** Whether it names messages, or tells of them, by sequence number when it comes without UID. EXPUNGE does neither. */
        public boolean numbers() {
            return uid && !(command instanceof Expunge);
        }

        /** Whether what is gone from the selected mailbox by it is told in any case; NOTIFY tells what was held back, RFC 5465 3.1. */
        public boolean news() {
            boolean moves = command instanceof Copy copy && copy.moving();
            return moves || command instanceof Expunge || command instanceof Replace || command instanceof Notify;
        }

        private Row withUid() {
            return new Row(name, when, after, true, command);
        }
    }

    private static Row row(String name, When when, After after, Command command) {
        return new Row(name, when, after, false, command);
    }

    private static final Map<String, Row> ROWS = List.of(
                    row("CAPABILITY", When.ANY, After.NOTHING, new Capability()),
                    row("NOOP", When.ANY, After.NEWS, new Noop("Nothing was done")),
                    row("LOGOUT", When.ANY, After.NOTHING, new Logout()),
                    row("ID", When.ANY, After.NOTHING, new Id()),
                    row("LANGUAGE", When.ANY, After.NOTHING, new Language()),
                    row("STARTTLS", When.NOT_LOGGED_IN, After.NOTHING, new StartTls()),
                    row("AUTHENTICATE", When.NOT_LOGGED_IN, After.NOTHING, new Authenticate()),
                    row("LOGIN", When.NOT_LOGGED_IN, After.NOTHING, new LogIn()),
                    row("ENABLE", When.LOGGED_IN, After.NOTHING, new Enable()),
                    row("COMPRESS", When.LOGGED_IN, After.NOTHING, new Compress()),
                    row("NAMESPACE", When.LOGGED_IN, After.NEWS, new Namespace()),
                    row("SELECT", When.LOGGED_IN, After.NOTHING, new Select(false)),
                    row("EXAMINE", When.LOGGED_IN, After.NOTHING, new Select(true)),
                    row("CREATE", When.LOGGED_IN, After.NEWS, new Create()),
                    row("DELETE", When.LOGGED_IN, After.NEWS, new Delete()),
                    row("RENAME", When.LOGGED_IN, After.NEWS, new Rename()),
                    row("SUBSCRIBE", When.LOGGED_IN, After.NEWS, new Subscribe(true)),
                    row("UNSUBSCRIBE", When.LOGGED_IN, After.NEWS, new Subscribe(false)),
                    row("LIST", When.LOGGED_IN, After.NEWS, new ListMailboxes()),
                    row("LSUB", When.LOGGED_IN, After.NEWS, new Lsub()),
                    row("STATUS", When.LOGGED_IN, After.NEWS, new StatusOf()),
                    row("GETMETADATA", When.LOGGED_IN, After.NEWS, new GetMetadata()),
                    row("SETMETADATA", When.LOGGED_IN, After.NEWS, new SetMetadata()),
                    row("SETACL", When.LOGGED_IN, After.NEWS, new SetAcl()),
                    row("DELETEACL", When.LOGGED_IN, After.NEWS, new DeleteAcl()),
                    row("GETACL", When.LOGGED_IN, After.NEWS, new GetAcl()),
                    row("LISTRIGHTS", When.LOGGED_IN, After.NEWS, new ListRights()),
                    row("MYRIGHTS", When.LOGGED_IN, After.NEWS, new MyRights()),
                    row("GETQUOTA", When.LOGGED_IN, After.NEWS, new GetQuota()),
                    row("GETQUOTAROOT", When.LOGGED_IN, After.NEWS, new GetQuotaRoot()),
                    row("SETQUOTA", When.LOGGED_IN, After.NEWS, new SetQuota()),
                    row("ESEARCH", When.LOGGED_IN, After.NEWS_BUT_EXPUNGES, new MultiSearch()),
                    row("RESETKEY", When.LOGGED_IN, After.NEWS, new ResetKey()),
                    row("GENURLAUTH", When.LOGGED_IN, After.NEWS, new GenUrlAuth()),
                    row("URLFETCH", When.LOGGED_IN, After.NEWS, new UrlFetch()),
                    row("GETJMAPACCESS", When.LOGGED_IN, After.NEWS, new GetJmapAccess()),
                    row("APPEND", When.LOGGED_IN, After.NEWS, new Append()),
                    row("NOTIFY", When.LOGGED_IN, After.NEWS, new Notify()),
                    row("IDLE", When.LOGGED_IN, After.NOTHING, (session, request) -> {
                        request.arguments().end();
                        return Idling.begin(session, request);
                    }),
                    row("CHECK", When.SELECTED, After.NEWS, new Noop("Everything is on disk anyway")),
                    row("CLOSE", When.SELECTED, After.NOTHING, new Close(true)),
                    row("UNSELECT", When.SELECTED, After.NOTHING, new Close(false)),
                    row("EXPUNGE", When.SELECTED, After.NEWS, new Expunge()).withUid(),
                    row("SEARCH", When.SELECTED, After.NEWS_BUT_EXPUNGES, new Search())
                            .withUid(),
                    row("SORT", When.SELECTED, After.NEWS_BUT_EXPUNGES, new Sort())
                            .withUid(),
                    row("THREAD", When.SELECTED, After.NEWS_BUT_EXPUNGES, new Threads())
                            .withUid(),
                    row("FETCH", When.SELECTED, After.NEWS_BUT_EXPUNGES, new Fetch())
                            .withUid(),
                    row("STORE", When.SELECTED, After.NEWS_BUT_EXPUNGES, new Store())
                            .withUid(),
                    row("REPLACE", When.SELECTED, After.NEWS, new Replace()).withUid(),
                    row("CANCELUPDATE", When.SELECTED, After.NEWS, new CancelUpdate()),
                    row("UNAUTHENTICATE", When.LOGGED_IN, After.NOTHING, new Unauthenticate()),
                    row("COPY", When.SELECTED, After.NEWS, new Copy(false)).withUid(),
                    row("MOVE", When.SELECTED, After.NEWS, new Copy(true)).withUid())
            .stream()
            .collect(Collectors.toMap(Row::name, Function.identity()));

    private CommandTable() {}

    /** The command of that name, in upper case. */
    public static Optional<Row> find(String name) {
        return Optional.ofNullable(ROWS.get(name));
    }
}
