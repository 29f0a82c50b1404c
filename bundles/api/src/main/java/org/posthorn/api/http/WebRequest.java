package org.posthorn.api.http;

/**
 * Attributes that the HTTP door gives each request, and properties by which it knows servlets. A bundle that answers requests registers a service
 * {@code jakarta.servlet.Servlet} with the properties {@code name} and {@link #PATTERNS}; the door takes a lease on the best one of that name for each call of
 * {@code service}, so a new version beside an old one takes the next request, and the old one is stopped when its last call has returned. The door
 * neither initialises nor destroys it. What goes on behind that call (asynchronous answers) is the servlet's own to end when it is stopped.
 */
public final class WebRequest {

    /** Property: the paths that it answers, as servlets have them: {@code /jmap/*}; of several that fit the longest. Those of one name have the same. */
    public static final String PATTERNS = "patterns";

    /** A String: the server as the client is to name it, {@code https://mail.example.org:8443}, without a slash at its end. */
    public static final String BASE = "org.posthorn.http.base";

    /** A Boolean: whether passwords and tokens may come in this request: over TLS, from this machine, or because the settings say so. */
    public static final String PASSWORDS = "org.posthorn.http.passwords";

    private WebRequest() {}
}
