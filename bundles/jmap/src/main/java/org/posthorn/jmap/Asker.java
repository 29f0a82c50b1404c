package org.posthorn.jmap;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.posthorn.api.mail.Address;
import org.posthorn.api.users.Login;

/**
 * Who asks, and from where.
 *
 * @param login who he is, and what he logged in by
 * @param tls the connection's encryption in one phrase; empty when it is in clear
 * @param again what is kept of him for longer than his request asks here whether he would still be let in
 */
public record Asker(Login.Granted login, InetSocketAddress client, Optional<String> tls, Again again) {

    /** Looks once more who it is. */
    public interface Again {
        /** A failure counts as that of any login. @throws IOException when it cannot be told now */
        Login login() throws IOException;
    }

    /** Somebody on this machine. */
    static Asker of(Address user) {
        Login.Granted login = new Login.Granted(user);
        return new Asker(
                login, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Optional.empty(), () -> login);
    }

    /** Who he is. */
    public Address user() {
        return login.account();
    }
}
