package org.posthorn.pop3;

import java.lang.annotation.Annotation;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.posthorn.api.net.Listener;
import org.posthorn.testkit.MemoryLine;

/** The protocol with a maildrop behind it. */
final class Server {

    final Members members = new Members();
    final AtomicLong now = new AtomicLong();
    final Shelf shelf = new Shelf();
    final Pop3 pop3 = new Pop3(new Settings(600, 60, 3, "posthorn"), now::get);

    private record Settings(int timeout, int loginTimeout, int maxFailures, String uidl) implements Pop3.Config {
        @Override
        public Class<? extends Annotation> annotationType() {
            return Pop3.Config.class;
        }
    }

    Server(String... messages) {
        shelf.with(messages);
        pop3.addAccounts(members, Map.of());
        pop3.addMailboxes(shelf, Map.of());
    }

    /** It starts with those unique ids. */
    static Pop3 of(String uidl) {
        return new Pop3(new Settings(600, 60, 3, uidl), System::nanoTime);
    }

    /** Whose unique ids messages have from now on. */
    void uniqueIds(String whose) {
        pop3.modified(new Settings(600, 60, 3, whose));
    }

    /** Through a listener that offers STARTTLS. */
    MemoryLine connect(boolean clearLogin) {
        Listener listener = new Listener("pop3", "pop3", true, clearLogin);
        return MemoryLine.to(pop3, listener, new InetSocketAddress("127.0.0.1", 40000));
    }
}
