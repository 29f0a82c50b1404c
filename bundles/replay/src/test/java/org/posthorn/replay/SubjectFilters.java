package org.posthorn.replay;

import java.util.Dictionary;
import java.util.Hashtable;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.posthorn.api.filter.MailFilter;
import org.posthorn.api.filter.Verdict;
import org.posthorn.api.mail.Mail;

/** Packed into a jar by tests: a bundle that offers a filter. */
public final class SubjectFilters implements BundleActivator {

    @Override
    public void start(BundleContext context) {
        if (context.getBundle().getVersion().getQualifier().startsWith("throws"))
            throw new IllegalStateException("no start today");
        Dictionary<String, Object> name = new Hashtable<>();
        name.put("name", "subject");
        context.registerService(
                MailFilter.class,
                new MailFilter() {
                    @Override
                    public Verdict message(Mail mail) {
                        return Verdict.refuse("by " + context.getBundle().getVersion());
                    }
                },
                name);
    }

    @Override
    public void stop(BundleContext context) {
        // The framework takes the service away.
    }
}
