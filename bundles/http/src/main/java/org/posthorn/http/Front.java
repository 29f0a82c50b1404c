package org.posthorn.http;

import jakarta.servlet.Servlet;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.Map;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.posthorn.api.http.WebRequest;
import org.posthorn.api.lease.Leased;

/**
 * The servlets that are used by leases, see {@link WebRequest}: for each name a {@link Desk} stands in the whiteboard in their place. It stays there when
 * none is left, since the next one may be on its way. The whiteboard itself would give a request to a servlet that is being taken out, and fail it.
 */
@Component(immediate = true, service = Front.class)
public final class Front {

    private final BundleContext context;
    private final WebServer server;
    private final Leased<Servlet> servlets = new Leased<>();
    private final Map<String, ServiceRegistration<Servlet>> desks = new HashMap<>();

    @Activate
    public Front(BundleContext context, @Reference WebServer server) {
        this.context = context;
        this.server = server;
    }

    @Reference(
            target = "(" + WebRequest.PATTERNS + "=*)",
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addServlet(Servlet servlet, Map<String, ?> properties) {
        servlets.add(servlet, properties);
        stand(String.valueOf(properties.get(Leased.NAME)), properties.get(WebRequest.PATTERNS));
    }

    void removeServlet(Servlet servlet) {
        servlets.remove(servlet);
    }

    private synchronized void stand(String name, Object patterns) {
        if (desks.containsKey(name)) return;
        Hashtable<String, Object> whiteboard = new Hashtable<>();
        whiteboard.put("osgi.http.whiteboard.servlet.name", name);
        whiteboard.put("osgi.http.whiteboard.servlet.pattern", patterns);
        whiteboard.put("osgi.http.whiteboard.servlet.asyncSupported", true);
        desks.put(name, context.registerService(Servlet.class, new Desk(name, servlets, server), whiteboard));
    }

    @Deactivate
    synchronized void stop() {
        desks.values().forEach(ServiceRegistration::unregister);
        desks.clear();
    }
}
