package org.posthorn.autoconfig;

import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.posthorn.api.http.WebRequest;
import org.posthorn.api.lease.Leased;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The paths behind the HTTP door at which mail programs look. MS-OXDISCO has its path in any case; of its folder the spellings that are sent are answered, below it all. */
@Component(
        service = Servlet.class,
        property = {
            Leased.NAME + "=autoconfig",
            WebRequest.PATTERNS + "=/mail/config-v1.1.xml",
            WebRequest.PATTERNS + "=/.well-known/autoconfig/mail/config-v1.1.xml",
            WebRequest.PATTERNS + "=/mobileconfig",
            WebRequest.PATTERNS + "=" + Pacc.PATH,
            WebRequest.PATTERNS + "=/autodiscover/*",
            WebRequest.PATTERNS + "=/Autodiscover/*",
            WebRequest.PATTERNS + "=/AutoDiscover/*",
            WebRequest.PATTERNS + "=/AUTODISCOVER/*"
        })
public final class AutoconfigServlet extends HttpServlet {

    private static final long serialVersionUID = 1;

    private static final Logger LOG = LoggerFactory.getLogger(AutoconfigServlet.class);

    private static final String SECOND_VERSION = "/autodiscover/autodiscover.json";

    private final transient Map<String, Resource> resources;

    @Activate
    public AutoconfigServlet(@Reference Offers offers) {
        Resource config = new ClientConfigResource(offers);
        resources = Map.of(
                "/mail/config-v1.1.xml",
                config,
                "/.well-known/autoconfig/mail/config-v1.1.xml",
                config,
                "/mobileconfig",
                new MobileConfig(offers),
                Pacc.PATH,
                new PaccResource(offers),
                "/autodiscover/autodiscover.xml",
                new Autodiscover(offers),
                SECOND_VERSION,
                new AutodiscoverUrl(offers));
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        answer(request).send(response);
    }

    private Answer answer(HttpServletRequest request) throws IOException {
        Resource resource = resources.get(path(request));
        if (resource == null) return Answer.refusal(404, "There is nothing here");
        String method = request.getMethod();
        boolean fits = method.equals(resource.method())
                || method.equals("HEAD") && resource.method().equals("GET");
        if (!fits) return Answer.refusal(405, "This takes " + resource.method()).with("Allow", resource.method());
        try {
            return resource.answer(request);
        } catch (Unavailable e) {
            LOG.debug("A mail program that asks for its configuration is put off: {}", e.getMessage());
            return Answer.refusal(503, "This cannot be told now; try again").with("Retry-After", "30");
        }
    }

    /** In lower case, and of the second version without the address that may stand behind it. */
    private static String path(HttpServletRequest request) {
        String path = Optional.ofNullable(request.getServletPath()).orElse("")
                + Optional.ofNullable(request.getPathInfo()).orElse("");
        String folded = path.toLowerCase(Locale.ROOT);
        return folded.startsWith(SECOND_VERSION + "/") ? SECOND_VERSION : folded;
    }
}
