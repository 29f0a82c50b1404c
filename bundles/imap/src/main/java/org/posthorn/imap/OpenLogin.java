package org.posthorn.imap;

import java.util.Optional;
import org.posthorn.api.mail.Address;
import org.posthorn.api.users.Entrance;

/** Who has logged in. When that counts no more the session ends, in the middle of an IDLE as well. */
final class OpenLogin {

    private final Session session;
    private Optional<Entrance> entrance = Optional.empty();
    private Runnable leave = () -> {};

    OpenLogin(Session session) {
        this.session = session;
    }

    Optional<Address> user() {
        return entrance.map(Entrance::account);
    }

    Optional<Entrance> entrance() {
        return entrance;
    }

    void begin(Entrance by) {
        entrance = Optional.of(by);
        leave = session.services().logins().enter(by, () -> session.connection().run(() -> ended(by)));
    }

    /** RFC 5530 3: by that password there is no access any longer. Whoever has logged out meanwhile, and in again, may be another. */
    private void ended(Entrance by) {
        if (entrance.filter(by::equals).isPresent())
            session.bye("[EXPIRED] The account or its password has changed, or an app password was revoked");
    }

    /** The connection is gone. */
    void leave() {
        leave.run();
    }

    /** The client is nobody from now on. */
    void end() {
        leave();
        entrance = Optional.empty();
    }
}
