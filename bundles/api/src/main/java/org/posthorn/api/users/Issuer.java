package org.posthorn.api.users;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;
import org.posthorn.api.mail.Address;

/**
 * Issues what stands for a password, lists and revokes it, and knows tokens again; app passwords are taken by {@link Accounts#login}. What was issued holds as long as the password under which
 * it was: it is void when that is changed, and when the account is removed or may not log in. Safe for several threads. Each call throws an IOException when it cannot be
 * done or told now.
 */
@ProviderType
public interface Issuer {

    /** Whose bearer token it is, RFC 6750. One that is none, or is void, counts as a wrong password of that client; a valid one is never put off. */
    Login login(String token, InetAddress client) throws IOException;

    /**
     * Stands for the password that an account has at this moment, for {@link #issue}. Asked for before the login is checked: then nothing is issued by a password or a token that
     * another password makes void meanwhile.
     *
     * @throws IllegalArgumentException when there is no such account that may log in, or what it logs in by cannot be told apart from what came before; the message is for people
     */
    String mark(Address account) throws IOException;

    /**
     * Makes one, which is durable when this returns. An account that has as many tokens as it may loses the one that was not used for longest.
     *
     * @param login of its account, checked since the mark was asked for
     * @param mark what {@link #mark} said before
     * @param name see {@link Credential}; blanks at its ends are left out
     * @return empty when the account has as many app passwords as it may
     * @throws IllegalArgumentException when the name is none, or the login holds no more: the password is another, or the token was revoked; the message is for people
     */
    Optional<Issued> issue(Login.Granted login, String mark, Credential.Kind kind, String name) throws IOException;

    /** Those of an account that are valid, oldest first. */
    List<Credential> credentials(Address account, Credential.Kind kind) throws IOException;

    /** Ends one, and what is open by it; durable when this returns. @return whether there was one */
    boolean revoke(Address account, Credential.Kind kind, String id) throws IOException;
}
