package org.posthorn.mailbox;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.posthorn.api.mail.Message;
import org.posthorn.api.mailbox.Folder;
import org.posthorn.api.mailbox.MailboxFormat;
import org.posthorn.api.mailbox.Shelf;
import org.posthorn.api.mailbox.Subscriptions;

/** A disk that fails when a test wants it to. */
final class Faults {

    private final Map<String, AtomicInteger> failing = new ConcurrentHashMap<>();
    private final Set<String> starving = ConcurrentHashMap.newKeySet();
    private final Set<String> once = ConcurrentHashMap.newKeySet();
    private final Map<String, String> behind = new ConcurrentHashMap<>();

    /** What happens before the header of a message is read. */
    volatile Post.Journal.Happening header = () -> {};

    /** Calls of {@link Folder} by that name fail from now on, when so many have gone well. */
    void fail(String call, int after) {
        failing.put(call, new AtomicInteger(after));
    }

    /** Calls by that name find no memory from now on. */
    void starve(String call) {
        starving.add(call);
    }

    /** The next call of {@link Folder} by that name fails. */
    void failOnce(String call) {
        once.add(call);
    }

    /** The next call by the second name fails, once one by the first has gone well. */
    void failBehind(String call, String then) {
        behind.put(call, then);
    }

    /** Whether all that was to fail once has. */
    boolean none() {
        return once.isEmpty() && behind.isEmpty();
    }

    /** All goes well again. */
    void end() {
        failing.clear();
        starving.clear();
        once.clear();
        behind.clear();
    }

    MailboxFormat over(MailboxFormat format) {
        return new MailboxFormat() {
            @Override
            public Shelf shelf(Path home) throws IOException {
                return between(Shelf.class, format.shelf(home));
            }

            @Override
            public Optional<Subscriptions> subscriptions(Path home) {
                return format.subscriptions(home).map(real -> between(Subscriptions.class, real));
            }
        };
    }

    private Object wrapped(Object result) {
        if (result instanceof Folder folder) return between(Folder.class, folder);
        boolean message = result instanceof Optional<?> found && found.orElse(null) instanceof Message;
        return message ? ((Optional<?>) result).map(m -> between(Message.class, (Message) m)) : result;
    }

    private <T> T between(Class<T> type, T real) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    if (starving.contains(method.getName())) throw new OutOfMemoryError("made for this test");
                    AtomicInteger left = failing.get(method.getName());
                    if (once.remove(method.getName()) || left != null && left.getAndDecrement() <= 0)
                        throw new IOException("Input/output error");
                    try {
                        Object result = method.invoke(real, arguments);
                        String then = behind.remove(method.getName());
                        if (then != null) failOnce(then);
                        if (method.getName().equals("header")) header.run();
                        return wrapped(result);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
