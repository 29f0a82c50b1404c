package org.posthorn.sasl;

import java.time.Duration;
import org.posthorn.api.mail.Address;
import org.posthorn.api.users.Entrance;
import org.posthorn.api.users.Login;

/** Whom a client wants to act as, the authorization identity of RFC 4422 3.4.1: nobody but oneself. */
final class Identity {

    private Identity() {}

    static Step step(Login login, String wanted, String name) {
        if (login instanceof Login.Denied denied) return new Step.Denied(denied.pause());
        if (login instanceof Login.PutOff off) return new Step.PutOff(off.pause());
        Entrance entrance = ((Login.Granted) login).entrance();
        return same(wanted, name, entrance.account()) ? new Step.Granted(entrance) : new Step.Denied(Duration.ZERO);
    }

    private static boolean same(String wanted, String name, Address account) {
        return wanted.isEmpty()
                || wanted.equals(name)
                || Address.parse(wanted)
                        .filter(a -> a.folded().equals(account.folded()))
                        .isPresent();
    }
}
