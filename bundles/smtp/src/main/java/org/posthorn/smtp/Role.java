package org.posthorn.smtp;

/** As what the server stands before a client. */
enum Role {
    /** For other servers, RFC 5321. */
    MX,
    /** For users, who must log in, RFC 6409 4.3. */
    SUBMISSION,
    /** For another program of the same site, RFC 2033. */
    LMTP;

    /** The word for the protocol in greetings. */
    String protocol() {
        return this == LMTP ? "LMTP" : "ESMTP";
    }

    boolean offersLogin(Settings settings) {
        return this == SUBMISSION || this == MX && settings.loginOnSmtp();
    }

    boolean demandsLogin() {
        return this == SUBMISSION;
    }
}
