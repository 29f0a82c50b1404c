package org.posthorn.users;

import java.util.Locale;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.posthorn.api.mail.Address;

/** What concerns this bundle of the settings of routing: which addresses names stand for. A component of its own, as metatype knows one PID for each. */
@Component(service = RoutingSettings.class, configurationPid = "org.posthorn.routing")
public final class RoutingSettings {

    @interface Config {
        String defaultDomain() default "localhost";

        String detailSeparator() default "+";

        String postmaster() default "";
    }

    private volatile String defaultDomain;
    private volatile String separator;
    private volatile boolean postmasterSet;

    @Activate
    public RoutingSettings(Config config) {
        modified(config);
    }

    @Modified
    void modified(Config config) {
        defaultDomain = config.defaultDomain().strip().toLowerCase(Locale.ROOT);
        separator = config.detailSeparator();
        postmasterSet = !config.postmaster().isBlank();
    }

    String defaultDomain() {
        return defaultDomain;
    }

    /** Whether mail to a postmaster whom nobody has made goes to somebody. */
    boolean postmasterSet() {
        return postmasterSet;
    }

    /** The account that a name means, if it can be one: a full address, or a local part of the default domain. */
    Optional<Address> account(String name) {
        String full = name.indexOf('@') < 0 ? name + "@" + defaultDomain : name;
        return Address.parse(full).filter(a -> !a.domain().isEmpty()).map(Address::folded);
    }

    /** The address less its detail, if it has one. */
    Optional<Address> withoutDetail(Address address) {
        int at = separator.isEmpty() ? -1 : address.localPart().indexOf(separator);
        return at < 1
                ? Optional.empty()
                : Optional.of(new Address(address.localPart().substring(0, at), address.domain()));
    }
}
