package org.posthorn.api.users;

/**
 * A fresh credential.
 *
 * @param secret to be shown this once: it is kept nowhere. A token has 43 characters of base64url, an app password letters and digits in groups
 */
public record Issued(Credential credential, String secret) {

    /** Without the secret. */
    @Override
    public String toString() {
        return credential.toString();
    }
}
