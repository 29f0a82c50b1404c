package org.posthorn.mailbox;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.posthorn.api.mailbox.MailboxStore;
import org.posthorn.api.mailbox.RightsListener;
import org.posthorn.mailbox.maildir.MaildirFormat;

/** The mailboxes of the server over Maildir, in a folder of their own. */
public final class RealMailboxes implements AutoCloseable {

    private final Mailboxes mailboxes;

    /** @param publicAccount whose mailboxes are everybody's */
    public RealMailboxes(Path root, String publicAccount) throws IOException {
        mailboxes = new Mailboxes(root, Clock.systemUTC(), "boot", config(publicAccount));
        mailboxes.addFormat(new MaildirFormat(), Map.of("name", "maildir"));
    }

    private static Mailboxes.Config config(String publicAccount) {
        // No other program is about, and nobody is to be woken but by what a test does.
        Map<String, ?> settings = Map.of("publicAccount", publicAccount, "poll", 86_400);
        return (Mailboxes.Config) Proxy.newProxyInstance(
                RealMailboxes.class.getClassLoader(),
                new Class<?>[] {Mailboxes.Config.class},
                (proxy, method, arguments) -> settings.containsKey(method.getName())
                        ? settings.get(method.getName())
                        : method.getDefaultValue());
    }

    public MailboxStore store() {
        return mailboxes;
    }

    /** Has it hear of the rights that users are given. */
    public void listen(RightsListener listener) {
        mailboxes.addRightsListener(listener, Map.of());
    }

    @Override
    public void close() {
        mailboxes.deactivate();
    }
}
