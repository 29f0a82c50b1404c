package org.posthorn.http;

import jakarta.servlet.Servlet;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.io.EofException;
import org.posthorn.api.http.WebRequest;
import org.posthorn.api.http.WebSocket;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.lease.Leased;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands each request to the best servlet of one name that there is now. */
final class Desk extends HttpServlet {

    private static final long serialVersionUID = 1;

    private static final Logger LOG = LoggerFactory.getLogger(Desk.class);

    private final String name;
    private final transient Leased<Servlet> servlets;
    private final transient WebServer server;

    Desk(String name, Leased<Servlet> servlets, WebServer server) {
        this.name = name;
        this.servlets = servlets;
        this.server = server;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        Caller caller = new Caller(request, server.settings());
        request.setAttribute(WebRequest.BASE, caller.base());
        request.setAttribute(WebRequest.PASSWORDS, caller.mayLogIn());
        Upgrade.of(request, server.settings().idle()).ifPresent(offer -> request.setAttribute(WebSocket.OFFER, offer));
        try (Lease<Servlet> lease = servlets.lease(name).orElse(null)) {
            if (lease != null) lease.get().service(request, response);
            else away(response);
        } catch (EofException gone) {
            LOG.debug("A client of {} is gone: {}", name, gone.toString());
        } catch (IOException e) {
            if (!(e.getCause() instanceof TimeoutException)) throw e;
            LOG.debug("A client of {} stops in the middle: {}", name, e.toString());
            if (!response.isCommitted()) response.sendError(HttpServletResponse.SC_REQUEST_TIMEOUT);
        } catch (RuntimeException e) {
            if (!(e instanceof HttpException bad)) throw e;
            // What is wrong with the body, or how slowly it comes, Jetty says to whoever reads it.
            LOG.debug("A client of {} is refused: {}", name, e.toString());
            if (!response.isCommitted()) response.sendError(bad.getCode());
        }
    }

    private static void away(HttpServletResponse response) throws IOException {
        response.setHeader("Retry-After", "2");
        response.sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE, "This part of the server is away");
    }
}
