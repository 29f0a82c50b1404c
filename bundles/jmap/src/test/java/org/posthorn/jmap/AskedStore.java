package org.posthorn.jmap;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.Account;
import org.posthorn.api.mailbox.MailboxStore;

/** Mailboxes that remember what they were asked: {@code account bob@example.org}, {@code list bob@example.org}. What is refused fails as a broken disk does. */
public final class AskedStore {

    public final Set<String> asked = ConcurrentHashMap.newKeySet();
    public final Set<String> refused = ConcurrentHashMap.newKeySet();
    private final MailboxStore real;

    public AskedStore(MailboxStore real) {
        this.real = real;
    }

    public MailboxStore store() {
        return proxy(MailboxStore.class, real, "");
    }

    /** @param owner whose it is; of a store the first argument says so */
    private <T> T proxy(Class<T> type, T of, String owner) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    String whose = owner.isEmpty() && arguments != null ? String.valueOf(arguments[0]) : owner;
                    asked.add(method.getName() + " " + whose);
                    if (refused.contains(method.getName() + " " + whose)) throw new IOException("refused");
                    try {
                        Object answer = method.invoke(of, arguments);
                        boolean account = answer instanceof Account && arguments[0] instanceof Address;
                        return account ? proxy(Account.class, (Account) answer, whose) : answer;
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                }));
    }
}
