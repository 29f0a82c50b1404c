package org.posthorn.http;

import org.eclipse.jetty.http.HttpScheme;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Request;

/** A request that came without TLS, whatever URL its first line has: a client may write one with {@code https} there, RFC 9112 3.2.2, and is not believed. */
final class InClear extends Request.Wrapper {

    private final HttpURI uri;

    private InClear(Request request) {
        super(request);
        uri = HttpURI.build(request.getHttpURI()).scheme(HttpScheme.HTTP).asImmutable();
    }

    static Request of(Request request) {
        return HttpScheme.HTTP.is(request.getHttpURI().getScheme()) ? request : new InClear(request);
    }

    @Override
    public HttpURI getHttpURI() {
        return uri;
    }

    @Override
    public boolean isSecure() {
        return false;
    }
}
