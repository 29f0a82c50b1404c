package org.posthorn.webmail;

import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.osgi.service.component.annotations.Component;
import org.posthorn.api.http.WebRequest;
import org.posthorn.api.lease.Leased;

/** The root of the server, and nothing below it: the empty pattern. It leads to the webmail; so does this of {@code /mail}. */
@Component(
        service = Servlet.class,
        property = {Leased.NAME + "=webmail-root", WebRequest.PATTERNS + "="})
public final class RootServlet extends HttpServlet {

    private static final long serialVersionUID = 1;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) {
        Policy.protect(response, "/");
        lead(response);
    }

    /** Where somebody wants to go behind the # stays as it is, RFC 9110 10.2.2. */
    static void lead(HttpServletResponse response) {
        response.setStatus(HttpServletResponse.SC_TEMPORARY_REDIRECT);
        response.setHeader("Location", WebmailServlet.ROOT);
    }
}
