package org.posthorn.jmap;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.posthorn.api.http.WebRequest;
import org.posthorn.api.users.Login;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets in who logs in, to what he asks for. Safe for several threads. */
final class Gate {

    private static final Logger LOG = LoggerFactory.getLogger(Gate.class);

    private final Map<String, Resource> resources;
    private final Logins logins;
    private final ScheduledExecutorService clock;
    private final Set<AsyncContext> waiting = ConcurrentHashMap.newKeySet();

    /**
     * @param resources by the path that they and all below them answer
     * @param clock on which refusals wait
     */
    Gate(Map<String, Resource> resources, Logins logins, ScheduledExecutorService clock) {
        this.resources = resources;
        this.logins = logins;
        this.clock = clock;
    }

    /** Answers a request, now or later. */
    void serve(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setHeader("X-Content-Type-Options", "nosniff");
        try {
            Found found = found(request);
            if (!takes(found.resource, request.getMethod())) {
                String methods = String.join(", ", found.resource.methods());
                response.setHeader("Allow", methods);
                throw new Refused(Problem.plain(405, "This takes " + methods));
            }
            ownOriginOnly(request);
            logIn(found, request, response);
        } catch (Refused refused) {
            Exchange.refuse(response, refused.problem());
            if (Remainder.comes(request)) takeRemainder(request);
        }
    }

    private record Found(Resource resource, String rest) {}

    private Found found(HttpServletRequest request) throws Refused {
        String path = Optional.ofNullable(request.getServletPath()).orElse("")
                + Optional.ofNullable(request.getPathInfo()).orElse("");
        for (Map.Entry<String, Resource> resource : resources.entrySet()) {
            String prefix = resource.getKey();
            if (path.equals(prefix) || path.startsWith(prefix + "/"))
                return new Found(resource.getValue(), path.substring(prefix.length()));
        }
        throw new Refused(Problem.plain(404, "There is nothing here"));
    }

    /** A HEAD is answered as a GET is, and the server leaves out the content, RFC 9110 9.3.2. */
    private static boolean takes(Resource resource, String method) {
        return resource.methods().contains(method.equals("HEAD") ? "GET" : method);
    }

    /** A browser sends a password that it remembers to whatever page asks for it; a page of somebody else may not have things done with it. */
    private static void ownOriginOnly(HttpServletRequest request) throws Refused {
        String site = request.getHeader("Sec-Fetch-Site");
        boolean others = "cross-site".equals(site) || "same-site".equals(site) || !ownOrigin(request);
        // Who follows a link sees himself what it leads to; a picture can be a stream of events.
        boolean link = request.getMethod().equals("GET") && "navigate".equals(request.getHeader("Sec-Fetch-Mode"));
        if (others && !link) throw new Refused(Problem.plain(403, "This is for pages of this server alone"));
    }

    /** A browser tells no Sec-Fetch-Site to what it does not trust, as HTTP in clear; its Origin it does, with all but GET. */
    private static boolean ownOrigin(HttpServletRequest request) {
        String origin = request.getHeader("Origin");
        return origin == null
                || origin.equals(Exchange.base(request))
                || origin.replaceFirst("^https?://", "").equals(request.getHeader("Host"));
    }

    private void logIn(Found found, HttpServletRequest request, HttpServletResponse response)
            throws IOException, Refused {
        if (!Boolean.TRUE.equals(request.getAttribute(WebRequest.PASSWORDS)))
            throw new Refused(Problem.plain(403, "Passwords and tokens are taken over HTTPS only"));
        String authorization = request.getHeader("Authorization");
        Optional<Login> tried = login(authorization, InetAddress.getByName(request.getRemoteAddr()));
        if (tried.isEmpty()) {
            Logins.challenge(authorization, response);
            throw new Refused(Problem.plain(401, "Log in with name and password, or with a token"));
        }
        Login login = tried.get();
        if (login instanceof Login.Granted granted)
            found.resource.serve(new Exchange(request, response, granted, logins, found.rest));
        else if (login instanceof Login.Denied denied) {
            Logins.challenge(authorization, response);
            later(request, response, denied.pause(), Problem.plain(401, Logins.denial(authorization)));
        } else if (login instanceof Login.PutOff off) {
            response.setHeader("Retry-After", "30");
            later(
                    request,
                    response,
                    off.pause(),
                    Problem.plain(
                            429, "Too many logins have failed, or not all users can be looked up; try again later"));
        }
    }

    private Optional<Login> login(String authorization, InetAddress client) throws Refused {
        try {
            return logins.login(authorization, client);
        } catch (IOException e) {
            LOG.warn("Who logs in by JMAP cannot be told: {}", e.getMessage());
            throw new Refused(Problem.plain(503, "Logins cannot be checked now; try again"));
        }
    }

    /** The answer waits, written already but not sent; no thread does. */
    private void later(HttpServletRequest request, HttpServletResponse response, Duration pause, Problem problem)
            throws IOException {
        Exchange.prepare(response, problem);
        wait(request, pause);
    }

    private void takeRemainder(HttpServletRequest request) throws IOException {
        AsyncContext async = wait(request, Remainder.LONGEST);
        request.getInputStream().setReadListener(new Remainder(request.getInputStream(), () -> send(async)));
    }

    private AsyncContext wait(HttpServletRequest request, Duration pause) {
        AsyncContext async = request.startAsync();
        async.setTimeout(0);
        waiting.add(async);
        try {
            clock.schedule(() -> send(async), pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closed) {
            send(async);
        }
        return async;
    }

    private void send(AsyncContext async) {
        if (!waiting.remove(async)) return;
        try {
            async.complete();
        } catch (IllegalStateException e) {
            LOG.debug("A client did not wait for its refusal: {}", e.getMessage());
        }
    }

    /** Ends at once what waits. */
    void close() {
        waiting.forEach(this::send);
    }
}
