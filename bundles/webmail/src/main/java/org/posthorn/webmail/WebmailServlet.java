package org.posthorn.webmail;

import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.posthorn.api.http.WebRequest;
import org.posthorn.api.lease.Leased;

/** The webmail at {@code /mail/}. Its files are read with the first request, and kept. */
@Component(
        service = Servlet.class,
        property = {Leased.NAME + "=webmail", WebRequest.PATTERNS + "=/mail", WebRequest.PATTERNS + "=/mail/*"})
public final class WebmailServlet extends HttpServlet {

    private static final long serialVersionUID = 1;

    static final String ROOT = "/mail/";

    private interface Source {
        Site read() throws IOException;
    }

    private final transient Source source;
    private transient Site site;

    @Activate
    public WebmailServlet(BundleContext context) {
        this.source = () -> Site.of(context.getBundle());
    }

    WebmailServlet(Site site) {
        this.source = () -> site;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String path = Optional.ofNullable(request.getServletPath()).orElse("")
                + Optional.ofNullable(request.getPathInfo()).orElse("");
        Policy.protect(response, path);
        if (!request.getMethod().matches("GET|HEAD")) refuse(response, 405, "This takes GET");
        else if (path.startsWith(ROOT)) send(path.substring(ROOT.length()), request, response);
        else RootServlet.lead(response);
    }

    private void send(String path, HttpServletRequest request, HttpServletResponse response) throws IOException {
        Optional<Site.Found> found = site().find(path);
        if (found.isPresent()) send(found.get(), request, response);
        else refuse(response, 404, "There is nothing here");
    }

    private synchronized Site site() throws IOException {
        if (site == null) site = source.read();
        return site;
    }

    private static void send(Site.Found found, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        SiteFile file = found.file();
        response.setHeader("Cache-Control", found.lasting() ? "public, max-age=31536000, immutable" : "no-cache");
        boolean packs = file.packed().isPresent() && takesGzip(request.getHeader("Accept-Encoding"));
        String etag = packs ? file.packedEtag() : file.etag();
        response.setHeader("ETag", etag);
        response.setHeader("Vary", "Accept-Encoding");
        if (known(request.getHeader("If-None-Match"), etag)) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            return;
        }
        byte[] octets = packs ? file.packed().get() : file.octets();
        if (packs) response.setHeader("Content-Encoding", "gzip");
        response.setContentType(file.type());
        response.setContentLength(octets.length);
        response.getOutputStream().write(octets);
    }

    /** What a cache may have made weak on its way is known as well, RFC 9110 13.1.2. */
    private static boolean known(String field, String etag) {
        return field != null && (field.contains(etag) || field.strip().equals("*"));
    }

    private static boolean takesGzip(String field) {
        return field != null && field.matches("(?i)(.*,)?\\s*gzip\\s*(,.*|;\\s*q=(1|0\\.[1-9]).*)?");
    }

    private static void refuse(HttpServletResponse response, int status, String why) throws IOException {
        if (status == 405) response.setHeader("Allow", "GET, HEAD");
        response.setStatus(status);
        response.setHeader("Cache-Control", "no-cache");
        response.setContentType("text/plain; charset=utf-8");
        response.getOutputStream().print(why + "\n");
    }
}
