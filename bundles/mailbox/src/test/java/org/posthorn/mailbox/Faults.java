package org.posthorn.mailbox;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.posthorn.api.mailbox.Folder;
import org.posthorn.api.mailbox.MailboxFormat;
import org.posthorn.api.mailbox.Shelf;

/** A disk that fails when a test wants it to. */
final class Faults {

    /** Calls of {@link Folder} that fail. */
    final Set<String> failing = ConcurrentHashMap.newKeySet();

    MailboxFormat over(MailboxFormat format) {
        return home -> between(Shelf.class, format.shelf(home));
    }

    private <T> T between(Class<T> type, T real) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    if (failing.contains(method.getName())) throw new IOException("Input/output error");
                    try {
                        Object result = method.invoke(real, arguments);
                        return result instanceof Folder folder ? between(Folder.class, folder) : result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
