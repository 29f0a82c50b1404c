package org.posthorn.jmap;

import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.posthorn.api.http.JmapAccess;

/** Where clients find the session, which the settings of HTTP say. */
@Component(service = JmapAccess.class, configurationPid = "org.posthorn.http")
public final class PublicSession implements JmapAccess {

    private volatile String url;

    /** The part of HTTP's settings that is read here. */
    @interface Config {
        String publicUrl() default "";
    }

    @Activate
    public PublicSession(Config config) {
        modified(config);
    }

    @Modified
    void modified(Config config) {
        url = config.publicUrl().replaceAll("/+$", "");
    }

    @Override
    public Optional<String> session() {
        return url.isEmpty() ? Optional.empty() : Optional.of(url + "/.well-known/jmap");
    }
}
