package org.posthorn.jmap;

import java.io.IOException;
import java.util.Optional;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.lease.Leased;
import org.posthorn.api.mail.Address;
import org.posthorn.api.users.Credential;
import org.posthorn.api.users.Issuer;
import org.posthorn.api.users.Login;

/**
 * What a push subscription was made with, and ends with, RFC 8620 7.2: a token or an app password, known by its id, or the password itself, known by its mark ({@link Issuer#mark}). Safe for several
 * threads.
 */
record PushCredentials(Leased<Issuer> issuers) {

    private static final String PASSWORD = "password ";

    /**
     * That of who asks, as it is kept: no secret.
     *
     * @throws IllegalArgumentException when nothing can be held by it; the message is for people
     */
    String of(Asker asker) throws IOException {
        Optional<Credential> by = asker.login().by();
        return by.isPresent() ? named(by.get()) : PASSWORD + mark(asker.user());
    }

    /** The same, by which something may be made: his request may be older than the password is. */
    String checked(Asker asker) throws IOException {
        String before = of(asker);
        boolean still = asker.again().login() instanceof Login.Granted now
                && now.account().equals(asker.user())
                && now.by().map(Credential::id).equals(asker.login().by().map(Credential::id));
        if (!still) throw new IllegalArgumentException("What the request was logged in with holds no more");
        return before;
    }

    private static String named(Credential credential) {
        return credential.kind() + " " + credential.id();
    }

    /** Whether it still does. @throws IOException when that cannot be told now */
    boolean hold(Address user, String credential) throws IOException {
        if (credential.startsWith(PASSWORD)) return isMark(user, credential.substring(PASSWORD.length()));
        try (Lease<Issuer> issuer = issuer()) {
            for (Credential.Kind kind : Credential.Kind.values())
                if (credential.startsWith(kind + " "))
                    return issuer.get().credentials(user, kind).stream().anyMatch(c -> named(c).equals(credential));
            return false;
        }
    }

    private boolean isMark(Address user, String before) throws IOException {
        try {
            return mark(user).equals(before);
        } catch (IllegalArgumentException gone) {
            return false;
        }
    }

    private String mark(Address user) throws IOException {
        try (Lease<Issuer> issuer = issuer()) {
            return issuer.get().mark(user);
        }
    }

    private Lease<Issuer> issuer() throws IOException {
        return issuers.lease().orElseThrow(() -> new IOException("nobody knows who may log in"));
    }
}
