package org.posthorn.delivery.local;

import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.posthorn.api.mail.Address;

/** What stands behind a name, as routing parts the two. A component of its own, as metatype knows one PID for each. */
@Component(service = Details.class, configurationPid = "org.posthorn.routing")
public final class Details {

    @interface Config {
        String detailSeparator() default "+";
    }

    private volatile String separator;

    @Activate
    public Details(Config config) {
        modified(config);
    }

    @Modified
    void modified(Config config) {
        separator = config.detailSeparator();
    }

    Optional<String> of(Address recipient, Address account) {
        if (separator.isEmpty()) return Optional.empty();
        String owner = account.localPart() + separator;
        String local = recipient.localPart();
        boolean detailed = local.length() > owner.length() && local.regionMatches(true, 0, owner, 0, owner.length());
        return detailed ? Optional.of(local.substring(owner.length())) : Optional.empty();
    }
}
