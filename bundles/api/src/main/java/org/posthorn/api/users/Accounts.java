package org.posthorn.api.users;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;
import org.posthorn.api.mail.Address;

/** The one place where protocols ask who somebody is, before all directories and authenticators. Safe for several threads. */
@ProviderType
public interface Accounts {

    /**
     * Checks a password, or an app password. An unknown user takes as long as a wrong password.
     *
     * @param name what the client calls itself: a full address, or a local part of the default domain
     * @throws IOException when it cannot be told now: a temporary failure
     */
    Login login(String name, String password, InetAddress client) throws IOException;

    /** The keys to run SCRAM with; for an unknown user, and one of whom that cannot be told now, invented ones, the same each time, that fit no password. */
    ScramKeys scram(String name) throws IOException;

    /** How a SCRAM exchange ended, so that failures count as others do, and are put off as others are. */
    Login scramEnded(String name, boolean proved, InetAddress client) throws IOException;

    /** Whether the account may send as that address: its own, with or without a detail, or an alias that leads to it. */
    boolean maySend(Address account, Address sender) throws IOException;

    /**
     * The addresses by which the account is known: its own first, then aliases that lead to it, in order; no catch-all, and no more than 200.
     *
     * @throws IOException when they cannot be told now
     */
    default List<Address> addresses(Address account) throws IOException {
        return List.of(account);
    }

    /**
     * Tells whoever has let somebody in when that login counts no more: the account is gone or locked, or has another password, or what he logged in by was revoked or has ended. What a command
     * or an {@link Issuer} does is told at once, what is done elsewhere (in a file, in the database) within a minute or so.
     *
     * @param ended runs once, on any thread, and waits for nothing
     * @return to be run when nobody needs to be told any more
     */
    default Runnable onVoid(Entrance entrance, Runnable ended) {
        return () -> {};
    }
}
