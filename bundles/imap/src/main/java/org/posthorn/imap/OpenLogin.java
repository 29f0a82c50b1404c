package org.posthorn.imap;

import java.util.Optional;
import org.posthorn.api.mail.Address;

/** Who has logged in. When that counts no more the session ends, in the middle of an IDLE as well. */
final class OpenLogin {

    private final Session session;
    private Optional<Address> user = Optional.empty();
    private Runnable leave = () -> {};

    OpenLogin(Session session) {
        this.session = session;
    }

    Optional<Address> user() {
        return user;
    }

    void begin(Address account) {
        user = Optional.of(account);
        leave = session.services().logins().enter(account, () -> session.connection()
                .run(() -> ended(account)));
    }

    /** RFC 5530 3: by that password there is no access any longer. Whoever has logged out meanwhile, and in again, may be another. */
    private void ended(Address account) {
        if (user.filter(account::equals).isPresent()) session.bye("[EXPIRED] The account or its password has changed");
    }

    /** The connection is gone. */
    void leave() {
        leave.run();
    }

    /** The client is nobody from now on. */
    void end() {
        leave();
        user = Optional.empty();
    }
}
